import { describe, expect, test } from "vitest";
import { audio, type Audio } from "../../support/audio-fixtures";
import {
  askTicket,
  callMetadata,
  complete,
  completeTicket,
  eventsAbout,
  problemOf,
  recordingRow,
  refusal,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

/**
 * One way to send: additional metadata, and how the bytes of a ticket reach the store. Throws when they are refused.
 */
export type WayToSend = {
  system: () => PhoneSystem;
  announce?: Record<string, unknown>;
  send: (ticket: Ticket, file: Audio) => Promise<void>;
};

const rounds = 10;

/**
 * Two uploads of one call with different content, sent in one way: only the bytes that are kept are answered `stored`.
 */
export function describeRacedUploads(name: string, way: WayToSend): void {
  const { announce, send } = way;
  const one = audio("call-03-wav-alaw-mono.wav");
  const other = audio("call-07-wav-alaw-stereo.wav");

  const metadataOf = (file: Audio, sourceCallId: string) =>
    callMetadata(way.system().unitCode, file, { ...announce, sourceCallId });
  async function ask(file: Audio, sourceCallId: string): Promise<Ticket> {
    const asked = await askTicket(way.system().headers, metadataOf(file, sourceCallId));
    if (!asked.ok) throw new Error(((await asked.json()) as { code: string }).code);
    return (await asked.json()) as Ticket;
  }
  const isKept = async (id: string, file: Audio) =>
    (await recordingRow(id)).sha256!.equals(Buffer.from(file.sha256, "hex"));
  const expectConflict = async (ticket: Ticket) =>
    expect(await problemOf(await completeTicket(way.system().headers, ticket))).toMatchObject(
      refusal(409, "upload_conflict"),
    );

  describe(`two uploads of one call with different content: ${name}`, () => {
    test.each([
      ["that is completed first", true],
      ["that is completed last", false],
    ])("stores the upload whose ticket was requested last, also one %s", async (_, isFirst) => {
      const { headers } = way.system();
      const callId = crypto.randomUUID();
      const early = await ask(one, callId);
      await send(early, one);
      const late = await ask(other, callId);
      expect(late.id).toBe(early.id);
      if (!isFirst) await expectConflict(early);
      await send(late, other);
      if (!isFirst) await expectConflict(early);
      // A completion without a ticket is refused, because the upload is unknown.
      expect(await problemOf(await complete(headers, early.id))).toMatchObject(refusal(409, "upload_ambiguous"));
      for (let times = 0; times < 2; times += 1) {
        expect((await completeTicket(headers, late)).status).toBe(200);
        await expectConflict(early);
      }
      expect(await problemOf(await complete(headers, early.id))).toMatchObject(refusal(409, "upload_ambiguous"));
      expect(await isKept(late.id, other)).toBe(true);
      expect(await eventsAbout(late.id, "recording.stored")).toHaveLength(1);
      expect(await problemOf(await askTicket(headers, metadataOf(one, callId)))).toMatchObject(
        refusal(409, "upload_conflict"),
      );
    });

    test("a ticket completes its own call only", async () => {
      const { headers } = way.system();
      const [first, second] = [await ask(one, crypto.randomUUID()), await ask(other, crypto.randomUUID())];
      await send(first, one);
      expect(await problemOf(await completeTicket(headers, { ...first, upload: second.upload }))).toMatchObject(
        refusal(404, "not_found"),
      );
      expect((await completeTicket(headers, first)).status).toBe(200);
    });

    test(
      `stores at most one of both at once, and keeps exactly that one, ${rounds} times`,
      { timeout: 120_000 },
      async () => {
        const { headers } = way.system();
        const upload = async (file: Audio, callId: string) => {
          try {
            const ticket = await ask(file, callId);
            await send(ticket, file);
            const completed = await completeTicket(headers, ticket);
            return { file, id: ticket.id, status: completed.status, code: (await problemOf(completed)).code };
          } catch {
            // Refused before the completion: by the link of a superseded ticket, or at the request.
            return { file, id: null, status: 0, code: "" };
          }
        };
        for (let round = 0; round < rounds; round += 1) {
          const callId = crypto.randomUUID();
          const files = round % 2 === 0 ? [one, other] : [other, one];
          const ends = await Promise.all(files.map((file) => upload(file, callId)));
          const stored = ends.filter(({ status }) => status === 200);
          expect(stored.length).toBe(1);
          expect(await isKept(stored[0]!.id!, stored[0]!.file)).toBe(true);
          for (const { status, code } of ends)
            if (status !== 200 && status !== 0) expect([status, code]).toEqual([409, "upload_conflict"]);
        }
      },
    );

    test("two requests with the same content are one upload, also without naming a ticket", async () => {
      const { headers } = way.system();
      const callId = crypto.randomUUID();
      const first = await ask(one, callId);
      const second = await ask(one, callId);
      await send(second, one);
      expect((await complete(headers, first.id)).status).toBe(200);
      for (const ticket of [first, second]) expect((await completeTicket(headers, ticket)).status).toBe(200);
    });
  });
}
