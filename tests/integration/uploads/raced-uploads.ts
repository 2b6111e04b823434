import { describe, expect, test } from "vitest";
import { audio, type Audio } from "../../support/audio-fixtures";
import { isThorough } from "../../support/seeds";
import {
  askTicket,
  callMetadata,
  complete,
  completeTicket,
  eventsAbout,
  problemOf,
  recordingRow,
  recordingsOfCall,
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

/** In half of them the files come in the other order. */
const rounds = isThorough ? 10 : 4;

/**
 * Two uploads of one call with different content, sent in one way. Each is a recording of the call, unless the sender
 * gives both one id: then only the bytes that are kept are answered `stored`.
 */
export function describeRacedUploads(name: string, way: WayToSend): void {
  const { announce, send } = way;
  const one = audio("call-03-wav-alaw-mono.wav");
  const other = audio("call-07-wav-alaw-stereo.wav");

  const metadataOf = (file: Audio, sourceCallId: string, sourceRecordingId?: string) =>
    callMetadata(way.system().unitCode, file, { ...announce, sourceCallId, sourceRecordingId });
  async function ask(file: Audio, sourceCallId: string, sourceRecordingId?: string): Promise<Ticket> {
    const asked = await askTicket(way.system().headers, metadataOf(file, sourceCallId, sourceRecordingId));
    if (!asked.ok) throw new Error(((await asked.json()) as { code: string }).code);
    return (await asked.json()) as Ticket;
  }
  const isKept = async (id: string, file: Audio) =>
    (await recordingRow(id)).sha256!.equals(Buffer.from(file.sha256, "hex"));
  const expectConflict = async (ticket: Ticket) =>
    expect(await problemOf(await completeTicket(way.system().headers, ticket))).toMatchObject(
      refusal(409, "upload_conflict"),
    );

  /** Status 0: refused before the completion, at the request or by the link of a superseded ticket. */
  async function upload(file: Audio, callId: string, recordingId?: string) {
    try {
      const ticket = await ask(file, callId, recordingId);
      await send(ticket, file);
      const completed = await completeTicket(way.system().headers, ticket);
      return { file, id: ticket.id, status: completed.status, code: (await problemOf(completed)).code };
    } catch {
      return { file, id: null, status: 0, code: "" };
    }
  }
  const inTurn = (round: number) => (round % 2 === 0 ? [one, other] : [other, one]);

  describe(`two recordings of one call: ${name}`, () => {
    test(`are both stored, also at once, ${rounds} times`, async () => {
      for (let round = 0; round < rounds; round += 1) {
        const callId = crypto.randomUUID();
        const ends = await Promise.all(inTurn(round).map((file) => upload(file, callId)));
        expect(ends.map(({ status }) => status)).toEqual([200, 200]);
        expect(ends[0]!.id).not.toBe(ends[1]!.id);
        for (const { id, file } of ends) expect(await isKept(id!, file)).toBe(true);
        // Asked again, each is known by its content.
        for (const { id, file } of ends) expect(await ask(file, callId)).toEqual({ id, state: "stored", upload: null });
      }
    });

    test("a ticket completes its own recording only", async () => {
      const { headers } = way.system();
      const callId = crypto.randomUUID();
      const [first, second] = [await ask(one, callId), await ask(other, callId)];
      await send(first, one);
      expect(await problemOf(await completeTicket(headers, { ...first, upload: second.upload }))).toMatchObject(
        refusal(404, "not_found"),
      );
      expect((await completeTicket(headers, first)).status).toBe(200);
      expect(await problemOf(await completeTicket(headers, second))).toMatchObject(refusal(409, "not_uploaded"));
    });

    test("the same content, sent twice at once, is one recording", async () => {
      const callId = crypto.randomUUID();
      const ends = await Promise.all([upload(one, callId), upload(one, callId)]);
      const { id } = ends.find(({ status }) => status === 200) ?? (await upload(one, callId));
      for (const end of ends) expect([id, null]).toContain(end.id);
      expect(await ask(one, callId)).toEqual({ id, state: "stored", upload: null });
      expect(await recordingsOfCall(callId)).toHaveLength(1);
    });

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

  describe(`two uploads of one recording with different content: ${name}`, () => {
    const recordingId = "mix";

    test.each([
      ["that is completed first", true],
      ["that is completed last", false],
    ])("stores the upload whose ticket was requested last, also one %s", async (_, isFirst) => {
      const { headers } = way.system();
      const callId = crypto.randomUUID();
      const early = await ask(one, callId, recordingId);
      await send(early, one);
      const late = await ask(other, callId, recordingId);
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
      expect(await problemOf(await askTicket(headers, metadataOf(one, callId, recordingId)))).toMatchObject(
        refusal(409, "upload_conflict"),
      );
      // Under another id it is another recording of the call.
      expect((await ask(one, callId, "in")).id).not.toBe(late.id);
    });

    test(`stores at most one of both at once, and keeps exactly that one, ${rounds} times`, async () => {
      for (let round = 0; round < rounds; round += 1) {
        const callId = crypto.randomUUID();
        const ends = await Promise.all(inTurn(round).map((file) => upload(file, callId, recordingId)));
        const stored = ends.filter(({ status }) => status === 200);
        expect(stored.length).toBe(1);
        expect(await isKept(stored[0]!.id!, stored[0]!.file)).toBe(true);
        for (const { status, code } of ends)
          if (status !== 200 && status !== 0) expect([status, code]).toEqual([409, "upload_conflict"]);
      }
    });
  });
}
