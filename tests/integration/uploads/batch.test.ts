import { inArray } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { jobs, queues } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { audioOf, smallAudio } from "../../support/audio-fixtures";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  eventsAbout,
  phoneSystem,
  problemOf,
  recordingRow,
  recordingsOfCall,
  refusal,
  sendBytes,
  storedKeys,
  storedRecording,
  ticketsOf,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

type Item<Body> = { status: number; body: Body & { code?: string; fields?: { path: string }[] } };

let system: PhoneSystem;

beforeAll(async () => {
  system = await phoneSystem();
});

const file = smallAudio();
const other = audioOf(file.name, Buffer.concat([file.bytes, Buffer.alloc(64)]), file.contentType);
const metadata = (changes: Record<string, unknown> = {}, content = file) =>
  callMetadata(system.unitCode, content, changes);

async function batch<Body>(path: string, json: unknown, headers = system.headers): Promise<Item<Body>[]> {
  const answered = await call("POST", path, { headers, json });
  expect(answered.status).toBe(200);
  return ((await answered.json()) as { results: Item<Body>[] }).results;
}

const askAll = (items: unknown[]) => batch<Ticket>("/api/recordings/batch", { recordings: items });
const completeAll = (uploads: unknown[]) =>
  batch<{ id: string; state: string }>("/api/recordings/batch/complete", { uploads });
const uploadOf = ({ id, upload }: Ticket) => ({ recordingId: id, ticketId: upload!.ticketId });
const codes = (items: Item<unknown>[]) => items.map(({ status, body }) => body.code ?? status);

test("a hundred recordings are requested and completed, each with its own events, webhook and job", async () => {
  const asked = await askAll(Array.from({ length: 100 }, (_, index) => metadata({ queue: `fila-${index % 3}` })));
  expect(new Set(codes(asked))).toEqual(new Set([201]));
  const tickets = asked.map(({ body }) => body);
  await Promise.all(tickets.map(async (ticket) => expect((await sendBytes(ticket, file.bytes)).status).toBe(200)));
  const completed = await completeAll(tickets.map(uploadOf));
  expect(completed).toEqual(tickets.map(({ id }) => ({ status: 200, body: { id, state: "stored" } })));
  for (const { id, upload } of tickets.slice(0, 5)) {
    expect(await recordingRow(id)).toMatchObject({ state: "stored", codec: "aac", retentionPolicyVersion: 1 });
    expect((await eventsAbout(id)).map(({ action }) => action)).toEqual([
      "recording.upload_requested",
      "recording.stored",
    ]);
    expect(await ticketsOf(id)).toMatchObject([{ id: upload!.ticketId, outcome: "completed" }]);
  }
  const waveforms = await database()
    .select({ key: jobs.key })
    .from(jobs)
    .where(
      inArray(
        jobs.key,
        tickets.map(({ id }) => id),
      ),
    );
  expect(waveforms).toHaveLength(100);
  const again = await completeAll(tickets.map(uploadOf));
  expect(again).toEqual(completed);
  expect(await eventsAbout(tickets[0]!.id, "recording.stored")).toHaveLength(1);
});

describe("one item stops no other", () => {
  test("among requests", async () => {
    const stranger = await phoneSystem();
    const taken = callMetadata(stranger.unitCode, file);
    await storedRecording(stranger, file, { sourceCallId: taken.sourceCallId });
    const known = metadata();
    await storedRecording(system, file, { sourceCallId: known.sourceCallId });
    const own = metadata({ sourceRecordingId: "mix" });
    await storedRecording(system, file, { sourceCallId: own.sourceCallId, sourceRecordingId: "mix" });
    const asked = await askAll([
      metadata({ startedAt: "yesterday" }),
      metadata({ unit: "nowhere", queue: "made-by-nobody" }),
      "no object",
      { ...taken, unit: system.unitCode },
      known,
      { ...own, sha256: other.sha256, sizeBytes: other.sizeBytes },
      metadata({ contentType: "text/html" }),
      metadata(),
    ]);
    expect(codes(asked)).toEqual([
      ...["invalid_input", "unknown_unit", "invalid_input", "conflict", 200, "already_stored"],
      ...["unsupported_media_type", 201],
    ]);
    expect(asked[0]!.body.fields).toContainEqual({ path: "startedAt", reason: "invalid_format" });
    expect(asked[4]!.body).toMatchObject({ state: "stored", upload: null });
    const made = await database()
      .select()
      .from(queues)
      .where(inArray(queues.code, ["made-by-nobody"]));
    expect(made).toEqual([]);
  });

  test("among completions", async () => {
    const tickets = (await askAll([metadata(), metadata(), metadata()])).map(({ body }) => body);
    const [sent, waiting, wrong] = tickets as [Ticket, Ticket, Ticket];
    await sendBytes(sent, file.bytes);
    const notAudio = audioOf("page.wav", Buffer.from("<!doctype html>".repeat(20)), file.contentType);
    const [page] = (await askAll([metadata({}, notAudio)])) as [Item<Ticket>];
    await sendBytes(page.body, notAudio.bytes);
    const completed = await completeAll([
      { recordingId: "no id" },
      { recordingId: newId() },
      uploadOf(waiting),
      { ...uploadOf(wrong), ticketId: sent.upload!.ticketId },
      uploadOf(page.body),
      uploadOf(sent),
    ]);
    expect(codes(completed)).toEqual(["invalid_input", "not_found", "not_uploaded", "not_found", "not_audio", 200]);
    expect(await recordingRow(page.body.id)).toMatchObject({ state: "rejected", rejectionCode: "not_audio" });
    const [ticket] = await ticketsOf(page.body.id);
    expect(await storedKeys()).not.toContain(ticket!.objectKey);
    expect(await recordingRow(waiting.id)).toMatchObject({ state: "pending" });
  });

  test("an upload of another phone system is not found, and stays", async () => {
    const stranger = await phoneSystem();
    const ticket = (await (await askTicket(stranger.headers, callMetadata(stranger.unitCode, file))).json()) as Ticket;
    await sendBytes(ticket, file.bytes);
    expect(codes(await completeAll([uploadOf(ticket)]))).toEqual(["not_found"]);
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "pending" });
  });
});

describe("recordings of one call in one batch", () => {
  test("other content is another recording, the same content the same one", async () => {
    const legs = metadata();
    const second = metadata({ sourceCallId: legs.sourceCallId }, other);
    const asked = await askAll([legs, second, legs]);
    expect(codes(asked)).toEqual([201, 201, 200]);
    const [, two, again] = asked.map(({ body }) => body) as [Ticket, Ticket, Ticket];
    expect(again.id).toBe(asked[0]!.body.id);
    await sendBytes(two, other.bytes);
    await sendBytes(again, file.bytes);
    const completed = await completeAll([uploadOf(two), uploadOf(again), uploadOf(again)]);
    expect(codes(completed)).toEqual([200, 200, 200]);
    const rows = await recordingsOfCall(legs.sourceCallId);
    expect(rows.map(({ state }) => state)).toEqual(["stored", "stored"]);
    expect(await eventsAbout(again.id, "recording.stored")).toHaveLength(1);
  });

  test("two batches at once with the same calls leave one recording each", async () => {
    const calls = Array.from({ length: 20 }, () => metadata({ queue: newId(), agent: newId() }));
    const [first, second] = await Promise.all([askAll(calls), askAll(calls.toReversed())]);
    expect(second.toReversed().map(({ body }) => body.id)).toEqual(first.map(({ body }) => body.id));
    expect(codes([...first, ...second]).sort()).toEqual([...Array(20).fill(200), ...Array(20).fill(201)]);
  });
});

test.each([
  ["/api/recordings/batch", "recordings"],
  ["/api/recordings/batch/complete", "uploads"],
])("%s refuses a batch that is empty, too long or of another form", async (path, name) => {
  for (const json of [{ [name]: [] }, { [name]: Array(101).fill({}) }, {}, { [name]: [], more: 1 }])
    expect(await problemOf(await call("POST", path, { headers: system.headers, json }))).toMatchObject(
      refusal(422, "invalid_input"),
    );
  const large = { [name]: ["x".repeat(400 * 1024)] };
  expect(await problemOf(await call("POST", path, { headers: system.headers, json: large }))).toMatchObject(
    refusal(413, "too_large"),
  );
  expect(await problemOf(await call("POST", path, { json: { [name]: [{}] } }))).toMatchObject({ status: 401 });
});
