import { readFile } from "node:fs/promises";
import path from "node:path";
import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { closeDatabase, database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { suppressedCallId } from "@/lib/deletion/suppressed-calls";
import { completeUpload } from "@/lib/uploads/complete-upload";
import { receiveContent } from "@/lib/uploads/content/receive-content";
import { startContent } from "@/lib/uploads/content/start-content";
import { requestUpload } from "@/lib/uploads/request-upload";
import { configuredStore } from "@/lib/storage/configured-store";
import { audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import {
  callMetadata,
  phoneSystem,
  plainMetadata,
  recordingRow,
  ticketsOf,
  type PhoneSystem,
} from "../../support/uploads";

const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
let system: PhoneSystem;

beforeAll(async () => {
  system = await phoneSystem();
});
afterAll(() => owner.end());

const file = smallAudio();
const other = audioOf(file.name, Buffer.concat([file.bytes, Buffer.alloc(64)]), file.contentType);
const ask = (metadata: unknown) => requestUpload(system.context(), metadata as never);
const announced = (sourceCallId: string, of: Audio = file) => callMetadata(system.unitCode, of, { sourceCallId });
const plain = (sourceCallId: string) => plainMetadata(system.unitCode, file, { sourceCallId });

async function send(id: string): Promise<void> {
  const [ticket] = await ticketsOf(id);
  await configuredStore().put(ticket!.objectKey, file.bytes, { contentType: file.contentType, ifNoneMatch: "*" });
}

async function sendPlain(id: string, bytes: Buffer) {
  const headers = { contentType: null, contentLength: String(bytes.length), contentEncoding: null, digest: null };
  const started = await startContent(system.context(), { recordingId: id, ...headers });
  const request = new Request("http://127.0.0.1", { method: "PUT", body: new Uint8Array(bytes) });
  return receiveContent(started, request, system.context());
}

/** The database as the migration finds it, when a call had one recording. */
async function undoMigration(): Promise<void> {
  await closeDatabase();
  await owner.unsafe(`drop table suppressed_recordings; alter table recordings drop column source_recording_id;
    alter table recordings add constraint recordings_source_call unique (source, source_call_id)`);
}

async function doMigration(): Promise<void> {
  const statements = await readFile(path.resolve("drizzle/0028_recordings_of_a_call.sql"), "utf8");
  await owner.begin((tx) => tx.unsafe(statements));
}

test("senders in mid-upload go on after the migration, and deleted calls stay refused", async () => {
  const [linked, content, stored, rejected, deleted] = [newId(), newId(), newId(), newId(), newId()];
  const ids = new Map<string, string>();
  const begin = async (callId: string, metadata: unknown) => {
    const ticket = await ask(metadata);
    ids.set(callId, ticket.id);
    return ticket;
  };
  const link = await begin(linked, announced(linked));
  await send(link.id);
  await begin(content, plain(content));
  const kept = await begin(stored, announced(stored));
  await send(kept.id);
  await completeUpload(system.context(), { recordingId: kept.id, ticketId: kept.upload!.ticketId });
  for (const callId of [rejected, deleted]) {
    const { id } = await begin(callId, announced(callId));
    await database().delete(uploadTickets).where(eq(uploadTickets.recordingId, id));
    const ended =
      callId === deleted
        ? { state: "deleted" as const, deletedAt: new Date(), sourceCallId: suppressedCallId("central", deleted) }
        : { state: "rejected" as const };
    await database().update(recordings).set(ended).where(eq(recordings.id, id));
  }

  await undoMigration();
  await doMigration();

  const idOf = async (callId: string) => (await recordingRow(ids.get(callId)!)).sourceRecordingId;
  for (const callId of [linked, stored, rejected]) expect(await idOf(callId)).toBe(`sha256:${file.sha256}`);
  expect(await idOf(content)).toBe("sha256:unknown");
  expect(await idOf(deleted)).toBe("whole call");

  const complete = () => completeUpload(system.context(), { recordingId: link.id, ticketId: link.upload!.ticketId });
  for (let times = 0; times < 2; times += 1) expect(await complete()).toEqual({ id: link.id, state: "stored" });
  expect(await ask(plain(content))).toMatchObject({ id: ids.get(content), state: "pending" });
  for (let times = 0; times < 2; times += 1)
    expect(await sendPlain(ids.get(content)!, file.bytes)).toEqual({ id: ids.get(content), state: "stored" });
  expect(await ask(announced(content))).toMatchObject({ id: ids.get(content), state: "stored" });
  expect(await ask(announced(stored))).toMatchObject({ id: kept.id, state: "stored" });
  expect(await ask(announced(rejected))).toMatchObject({ id: ids.get(rejected), created: false });
  for (const callId of [linked, content, stored, rejected])
    expect(await ask(announced(callId, other))).toMatchObject({ state: "pending", created: true });
  // A call deleted before it could have several recordings is refused whole; another one is not.
  for (const of of [file, other])
    await expect(ask(announced(deleted, of))).rejects.toMatchObject({ code: "already_deleted" });
  await expect(ask({ ...announced(deleted), sourceRecordingId: "in" })).rejects.toMatchObject({
    code: "already_deleted",
  });
  expect(await ask(announced(newId()))).toMatchObject({ created: true });
});
