import type { AudioCodec } from "@/lib/core/audio-codecs";
import { beforeAll, describe, expect, test } from "vitest";
import { eq } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { agents, recordingWaveforms } from "@/lib/db/schema";
import { workOff } from "../../support/background-jobs";
import { audio, oneOfEachKind, smallAudio } from "../../support/audio-fixtures";
import { signedInAs } from "../../support/people";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  problemOf,
  recordingRow,
  refusal,
  sendBytes,
  storedKeys,
  ticketsOf,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

let system: PhoneSystem;

beforeAll(async () => {
  system = await phoneSystem();
});

const ask = async (metadata: unknown, headers = system.headers): Promise<Ticket> =>
  (await (await askTicket(headers, metadata)).json()) as Ticket;

test("a hidden character in the name of the attendant is left out: no recording is refused for it", async () => {
  const file = audio(oneOfEachKind()[0]!);
  const metadata = callMetadata(system.unitCode, file, { agent: "a-2", agentName: "A\u202Ena\u0000" });
  const { id } = await ask(metadata);
  const { agentId } = await recordingRow(id);
  const [agent] = await database().select().from(agents).where(eq(agents.id, agentId!));
  expect(decryptField("agent.name", agent!.nameEncrypted!)).toBe("Ana");
});

describe("every kind of file is requested, sent, completed and played", () => {
  test.each(oneOfEachKind())("%s", async (name) => {
    const file = audio(name);
    const asked = await askTicket(
      system.headers,
      callMetadata(system.unitCode, file, {
        queue: "fila-1",
        agent: "a-1",
        agentName: "Ana",
        customerNumber: "(11) 98765-4321",
      }),
    );
    expect(asked.status).toBe(201);
    const ticket = (await asked.json()) as Ticket;
    expect(asked.headers.get("location")).toBe(`/api/recordings/${ticket.id}`);
    expect(ticket).toMatchObject({ state: "pending", upload: { method: "PUT" } });
    // Ids, digests and signatures may contain such digits by chance.
    expect(
      ticket.upload!.url.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(expires|sha256|signature)=[^&]*/g, ""),
    ).not.toMatch(/98765|ana|a-1/i);

    expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
    expect((await recordingRow(ticket.id)).state).toBe("pending");
    const completed = await complete(system.headers, ticket.id);
    expect(completed.status).toBe(200);
    expect(await completed.json()).toEqual({ id: ticket.id, state: "stored" });

    const row = await recordingRow(ticket.id);
    expect(row).toMatchObject({
      state: "stored",
      contentType: file.contentType,
      sizeBytes: file.sizeBytes,
      encryption: { algorithm: "custodia:aes256-gcm" },
      rejectionCode: null,
      codec: codecOf(name),
    });
    expect(row.sha256!.toString("hex")).toBe(file.sha256);
    expect(row.retainUntil!.getTime()).toBeGreaterThan(row.startedAt.getTime() + 179 * 86_400_000);
    expect(row.retainUntil!.getTime()).toBeLessThan(row.startedAt.getTime() + 182 * 86_400_000);
    expect((await eventsAbout(ticket.id)).map(({ action, actorId }) => [action, actorId]).slice(0, 2)).toEqual([
      ["recording.upload_requested", system.serviceAccountId],
      ["recording.stored", system.serviceAccountId],
    ]);

    await workOff("waveform");
    const measured = await recordingRow(ticket.id);
    const isDecodable = !name.endsWith(".m4a");
    expect(measured.waveformState).toBe(isDecodable ? "ready" : "unavailable");
    expect(measured.durationMs).toBeGreaterThan(0);
    const [waveform] = await database()
      .select()
      .from(recordingWaveforms)
      .where(eq(recordingWaveforms.recordingId, ticket.id));
    if (isDecodable) expect(waveform!.peaks.some((peak) => peak > 0)).toBe(true);
    else expect(waveform).toBeUndefined();
    const [computed] = await eventsAbout(ticket.id, "recording.waveform_computed");
    expect(computed).toMatchObject({ actorType: "job", outcome: isDecodable ? "success" : "failure" });
  });
});

test("a completion may name the ETag of the PUT; an invalid one is refused", async () => {
  const file = smallAudio();
  for (const json of [{ etag: '"another"' }, { etag: null }, {}]) {
    const ticket = await ask(callMetadata(system.unitCode, file));
    expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
    const refused = await call("POST", `/api/recordings/${ticket.id}/complete`, {
      headers: system.headers,
      json: { etag: 7 },
    });
    expect([refused.status, await refused.json()]).toMatchObject([
      422,
      { code: "invalid_input", fields: [{ path: "etag" }] },
    ]);
    const completed = await call("POST", `/api/recordings/${ticket.id}/complete`, { headers: system.headers, json });
    expect(await completed.json()).toEqual({ id: ticket.id, state: "stored" });
  }
});

describe("a repeated step", () => {
  test("a second request gives the same recording and a new ticket; the old ticket no longer counts", async () => {
    const file = smallAudio();
    const metadata = callMetadata(system.unitCode, file);
    const first = await ask(metadata);
    const again = await askTicket(system.headers, metadata);
    expect(again.status).toBe(200);
    const second = (await again.json()) as Ticket;
    expect(second.id).toBe(first.id);
    expect(second.upload!.url).not.toBe(first.upload!.url);

    expect((await sendBytes(first, file.bytes)).status).toBe(200);
    const early = await complete(system.headers, first.id);
    expect(early.status).toBe(409);
    expect(await early.json()).toMatchObject({ code: "not_uploaded" });

    expect((await sendBytes(second, file.bytes)).status).toBe(200);
    expect((await complete(system.headers, first.id)).status).toBe(200);
    const tickets = await ticketsOf(first.id);
    expect(tickets.map(({ outcome }) => outcome)).toEqual(["superseded", "completed"]);
    expect((await recordingRow(first.id)).objectKey).toBe(tickets[1]!.objectKey);
    expect((await eventsAbout(first.id)).map(({ action }) => action).slice(0, 4)).toEqual([
      "recording.upload_requested",
      "recording.upload_reissued",
      "recording.upload_refused",
      "recording.stored",
    ]);
  });

  test("a second completion and a later request are answered stored, without a ticket or an event", async () => {
    const file = smallAudio();
    const metadata = callMetadata(system.unitCode, file);
    const ticket = await ask(metadata);
    await sendBytes(ticket, file.bytes);
    for (let times = 0; times < 3; times += 1) expect((await complete(system.headers, ticket.id)).status).toBe(200);
    expect(await ask(metadata)).toEqual({ id: ticket.id, state: "stored", upload: null });
    expect(await eventsAbout(ticket.id, "recording.stored")).toHaveLength(1);
    const status = await call("GET", `/api/recordings/${ticket.id}`, { headers: system.headers });
    expect(await status.json()).toMatchObject({
      id: ticket.id,
      state: "stored",
      sourceCallId: metadata.sourceCallId,
      rejectionCode: null,
    });
  });

  test("a request with different content is another recording; under the same own id, refused", async () => {
    const metadata = callMetadata(system.unitCode, smallAudio(), { sourceRecordingId: "mix" });
    const ticket = await ask(metadata);
    await sendBytes(ticket, smallAudio().bytes);
    await complete(system.headers, ticket.id);
    const sha256 = "0".repeat(64);
    expect(await problemOf(await askTicket(system.headers, { ...metadata, sha256 }))).toMatchObject(
      refusal(409, "already_stored"),
    );
    for (const sourceRecordingId of ["in", undefined]) {
      const other = await askTicket(system.headers, { ...metadata, sha256, sourceRecordingId });
      expect(other.status).toBe(201);
      expect(((await other.json()) as Ticket).id).not.toBe(ticket.id);
    }
  });

  test("the metadata of a second request counts", async () => {
    const metadata = callMetadata(system.unitCode, smallAudio(), { direction: "inbound", queue: "q-um" });
    const { id } = await ask(metadata);
    await ask({ ...metadata, direction: "outbound", queue: null });
    expect(await recordingRow(id)).toMatchObject({ direction: "outbound", queueId: null, state: "pending" });
  });
});

describe("two parallel callers", () => {
  test("request the same call: one recording, one open ticket", async () => {
    const metadata = callMetadata(system.unitCode, smallAudio(), { queue: "nova-fila", agent: "novo-agente" });
    const answers = await Promise.all(Array.from({ length: 5 }, () => askTicket(system.headers, metadata)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    const tickets = (await Promise.all(answers.map((answered) => answered.json()))) as Ticket[];
    expect(new Set(tickets.map(({ id }) => id)).size).toBe(1);
    const rows = await ticketsOf(tickets[0]!.id);
    expect(rows.filter(({ closedAt }) => closedAt === null)).toHaveLength(1);
    expect(rows).toHaveLength(5);
  });

  test("complete the same call: stored once", async () => {
    const file = smallAudio();
    const ticket = await ask(callMetadata(system.unitCode, file));
    await sendBytes(ticket, file.bytes);
    const answers = await Promise.all(Array.from({ length: 5 }, () => complete(system.headers, ticket.id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await eventsAbout(ticket.id, "recording.stored")).toHaveLength(1);
  });

  test("send on the same link: one succeeds, nothing is replaced", async () => {
    const file = smallAudio();
    const ticket = await ask(callMetadata(system.unitCode, file));
    const answers = await Promise.all(Array.from({ length: 4 }, () => sendBytes(ticket, file.bytes)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });

  test("complete and request again: never answered stored when it is not", async () => {
    const file = smallAudio();
    for (let round = 0; round < 8; round += 1) {
      const metadata = callMetadata(system.unitCode, file);
      const ticket = await ask(metadata);
      await sendBytes(ticket, file.bytes);
      const [completed, asked] = await Promise.all([
        complete(system.headers, ticket.id),
        askTicket(system.headers, metadata),
      ]);
      const { state } = await recordingRow(ticket.id);
      expect([completed.status, asked.status].every((status) => status < 500)).toBe(true);
      expect(completed.status === 200).toBe(state === "stored");
      expect(((await asked.json()) as Ticket).upload === null).toBe(state === "stored");
    }
  });
});

test("an administrator uploads with a session", async () => {
  const metadata = callMetadata(system.unitCode, smallAudio());
  const admin = await signedInAs("admin");
  const ticket = await ask(metadata, admin.headers);
  expect((await sendBytes(ticket, smallAudio().bytes)).status).toBe(200);
  expect((await complete(admin.headers, ticket.id)).status).toBe(200);
  expect(await storedKeys()).toContain((await recordingRow(ticket.id)).objectKey);
});

/** By the fixture's name. */
function codecOf(name: string): AudioCodec {
  const codecs: AudioCodec[] = ["alaw", "mulaw", "mp3", "opus", "vorbis", "flac", "aac"];
  return codecs.find((codec) => name.includes(codec)) ?? "pcm_s16le";
}
