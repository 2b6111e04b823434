import { and, eq, inArray } from "drizzle-orm";
import canonicalize from "canonicalize";
import { beforeAll, describe, expect, test } from "vitest";
import { currentSigningKey, signCanonical } from "@/lib/audit/signing-keys";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { recordings, suppressedCalls, uploadTickets } from "@/lib/db/schema";
import { callers } from "@/lib/deletion/callers";
import { eraseMarked } from "@/lib/deletion/erase-marked";
import { ledgerKey, parseLedgerBody } from "@/lib/deletion/ledger/ledger-entry";
import { ledgerHead } from "@/lib/deletion/ledger/ledger-rows";
import { replayLedger } from "@/lib/deletion/ledger/replay-ledger";
import { markForDeletion, type MarkRequest } from "@/lib/deletion/mark-for-deletion";
import { suppressedCallId } from "@/lib/deletion/suppressed-calls";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { AppError } from "@/lib/core/errors";
import { completeUpload } from "@/lib/uploads/complete-upload";
import { receiveContent } from "@/lib/uploads/content/receive-content";
import { startContent } from "@/lib/uploads/content/start-content";
import { requestUpload } from "@/lib/uploads/request-upload";
import type { UploadTicket } from "@/lib/uploads/tickets/ticket-requests";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import { audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { endDoubt } from "../../support/doubtful-dates";
import { job } from "../../support/recordings";
import {
  callMetadata,
  phoneSystem,
  recordingRow,
  recordingsOfCall,
  ticketsOf,
  type PhoneSystem,
} from "../../support/uploads";
import { physicalCopy } from "./ledger/physical-copy";

const backup = physicalCopy();
const stores = configuredStores();
let system: PhoneSystem;

beforeAll(async () => {
  system = await phoneSystem();
});

/** Recordings of one call: the first is the fixture, the others have more silence at their end. */
const part = (number: number): Audio => {
  const { name, bytes, contentType } = smallAudio();
  return audioOf(name, Buffer.concat([bytes, Buffer.alloc(64 * number)]), contentType);
};
const metadataOf = (sourceCallId: string, number: number, changes = {}) =>
  callMetadata(system.unitCode, part(number), { sourceCallId, ...changes });
// Not through HTTP: its authentication keeps a statement of the database that a test replaces.
const ask = (sourceCallId: string, number: number, changes = {}) =>
  requestUpload(system.context(), metadataOf(sourceCallId, number, changes) as never);
const complete = ({ id, upload }: UploadTicket) =>
  completeUpload(system.context(), { recordingId: id, ticketId: upload!.ticketId });
const deleted = { code: "already_deleted" };

/** Stored long ago: no upload link is valid any more. */
async function store(sourceCallId: string, number: number, changes = {}): Promise<string> {
  const ticket = await ask(sourceCallId, number, changes);
  await send(ticket, number);
  const { id } = await complete(ticket);
  await endDoubt(id);
  const expiresAt = new Date(Date.now() - 2 * 3_600_000);
  await database().update(uploadTickets).set({ expiresAt }).where(eq(uploadTickets.recordingId, id));
  return id;
}

async function send({ id }: UploadTicket, number: number): Promise<void> {
  const [ticket] = await ticketsOf(id);
  const { bytes, contentType } = part(number);
  await configuredStore().put(ticket!.objectKey, bytes, { contentType, ifNoneMatch: "*" });
}

/** A sender that cannot hash. */
async function sendPlain(id: string, bytes: Buffer) {
  const headers = { contentType: null, contentLength: String(bytes.length), contentEncoding: null, digest: null };
  const started = await startContent(system.context(), { recordingId: id, ...headers });
  const request = new Request("http://127.0.0.1", { method: "PUT", body: new Uint8Array(bytes) });
  return receiveContent(started, request, system.context());
}

async function expectRefused(sourceCallId: string, number: number, changes = {}) {
  await expect(ask(sourceCallId, number, changes)).rejects.toMatchObject(deleted);
  // Without a hash it is known when the bytes have arrived, unless the id or the call says it.
  const plain = { ...changes, sizeBytes: undefined, sha256: undefined };
  const asked = await ask(sourceCallId, number, plain).catch((error: unknown) => error);
  if (asked instanceof AppError) return expect(asked).toMatchObject(deleted);
  const { id } = asked as UploadTicket;
  await expect(sendPlain(id, part(number).bytes)).rejects.toMatchObject(deleted);
  expect(await recordingRow(id)).toMatchObject({ state: "rejected", rejectionCode: "already_deleted" });
}

async function mark(caller: MarkRequest["caller"], ids: string[]): Promise<void> {
  await auditedTransaction((tx) =>
    markForDeletion(tx, { caller, condition: inArray(recordings.id, ids), orderId: null, limit: 10 }),
  );
}

const erase = (recordingIds: string[]) => eraseMarked(job(), { stores, runId: null, batchSize: 1 }, { recordingIds });

async function remove(caller: MarkRequest["caller"], ids: string[]): Promise<void> {
  await mark(caller, ids);
  expect(await erase(ids)).toMatchObject({ deleted: ids.length, failed: 0 });
}

const isRefusedWhole = async (sourceCallId: string) =>
  (await database().$count(suppressedCalls, eq(suppressedCalls.callId, suppressedCallId("central", sourceCallId)))) > 0;

describe("after a deletion", () => {
  test("the recording is refused by its id and its content; other recordings of the call are accepted", async () => {
    const callId = newId();
    const [first, second] = [await store(callId, 0, { sourceRecordingId: "mix" }), await store(callId, 1)];
    await remove("order", [first]);
    await expectRefused(callId, 0);
    await expectRefused(callId, 0, { sourceRecordingId: "in" });
    await expect(ask(callId, 2, { sourceRecordingId: "mix" })).rejects.toMatchObject(deleted);
    expect(await recordingRow(second)).toMatchObject({ state: "stored" });
    await remove("order", [second]);
    await expectRefused(callId, 1);
    // Not even the deletion of the last one refuses the call.
    expect(await isRefusedWhole(callId)).toBe(false);
    expect(await recordingRow(await store(callId, 2))).toMatchObject({ state: "stored" });
    expect(await recordingRow(await store(newId(), 0))).toMatchObject({ state: "stored" });
  });

  test("an upload that was under way with the same content is refused at its completion", async () => {
    const callId = newId();
    const id = await store(callId, 0, { sourceRecordingId: "mix" });
    const ticket = await ask(callId, 0, { sourceRecordingId: "in" });
    await send(ticket, 0);
    await mark("order", [id]);
    await expect(ask(callId, 0)).rejects.toMatchObject(deleted);
    await erase([id]);
    await expect(complete(ticket)).rejects.toMatchObject(deleted);
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "rejected", rejectionCode: "already_deleted" });
  });

  test("of what was never stored, nothing is refused", async () => {
    const callId = newId();
    const { id } = await ask(callId, 0);
    await database().update(recordings).set({ state: "rejected" }).where(eq(recordings.id, id));
    await database().delete(uploadTickets).where(eq(uploadTickets.recordingId, id));
    await remove("request", [id]);
    expect(await isRefusedWhole(callId)).toBe(false);
    expect(await recordingRow(await store(callId, 0))).toMatchObject({ state: "stored" });
  });
});

describe("an erasure", () => {
  test("of one of two recordings refuses that one", async () => {
    const callId = newId();
    const [first, second] = [await store(callId, 0), await store(callId, 1)];
    await remove("request", [first]);
    await expectRefused(callId, 0);
    expect(await recordingRow(await store(callId, 2))).toMatchObject({ state: "stored" });
    expect(await recordingRow(second)).toMatchObject({ state: "stored" });
  });

  test.each([
    ["both at once", (ids: string[]) => Promise.all(ids.map((id) => erase([id])))],
    ["both in one batch", (ids: string[]) => erase(ids)],
  ])("of all recordings refuses the whole call, also what is under way: %s", async (_, eraseAll) => {
    const callId = newId();
    const ids = [await store(callId, 0), await store(callId, 1)];
    const underWay = await ask(callId, 2);
    await send(underWay, 2);
    await mark("request", ids);
    // One confirmation locks the other recordings of its call; a claim passes over them, and the next run finishes.
    const ended = [await eraseAll(ids), await erase(ids)].flat();
    expect(ended.reduce((sum, { failed }) => sum + failed, 0)).toBe(0);
    expect(await isRefusedWhole(callId)).toBe(true);
    for (const number of [0, 1, 3]) await expectRefused(callId, number);
    await expectRefused(callId, 3, { sourceRecordingId: "in" });
    await expect(complete(underWay)).rejects.toMatchObject(deleted);
    expect(await recordingRow(await store(newId(), 0))).toMatchObject({ state: "stored" });
  });

  test("of the last recording refuses the whole call; one that leaves another does not", async () => {
    const [last, notLast] = [newId(), newId()];
    for (const callId of [last, notLast]) await Promise.all([store(callId, 0), store(callId, 1)]);
    const idsOf = async (callId: string) => (await recordingsOfCall(callId)).map(({ id }) => id) as [string, string];
    const [first, second] = await idsOf(last);
    await remove("order", [first]);
    await remove("request", [second]);
    expect(await isRefusedWhole(last)).toBe(true);
    const [erased, kept] = await idsOf(notLast);
    await remove("request", [erased]);
    await remove("order", [kept]);
    expect(await isRefusedWhole(notLast)).toBe(false);
  });
});

/** The deletion of a stored recording, as a portal of the first version of the ledger wrote it, in the store alone. */
async function entryOfFirstVersion(recordingId: string, sourceCallId: string): Promise<number> {
  const head = await ledgerHead(database());
  const key = currentSigningKey();
  const sequence = head.sequence + 1;
  const { objectKey, sha256 } = await recordingRow(recordingId);
  const entry = {
    type: "custodia.erasure-ledger.v1",
    ...{ sequence, previousHash: head.hash, deletedAt: "2026-01-02T03:04:05.678Z", signingKeyId: key.id },
    erasures: [
      {
        ...{ recordingId, objectKeys: [objectKey!], sha256: sha256!.toString("hex") },
        ...{ reason: callers.due.reason, orderId: null, callId: suppressedCallId("central", sourceCallId) },
      },
    ],
  };
  const body = canonicalize({ entry, signature: signCanonical(entry, key.privateKey) })!;
  const options = { contentType: "application/json", ifNoneMatch: null };
  await configuredStore().put(ledgerKey(sequence), Buffer.from(body), options);
  expect(parseLedgerBody(body)?.entry.type).toBe("custodia.erasure-ledger.v1");
  return sequence;
}

describe("the erasure ledger, replayed after a restore,", () => {
  const replay = () => replayLedger(job(), { stores, dryRun: false });

  test.each([
    ["of which the backup has the recording", true],
    ["of which the backup has nothing", false],
  ])("refuses whole calls by entries of the first version, %s", async (_, isInBackup) => {
    const callId = newId();
    if (!isInBackup) await backup.take();
    const id = await store(callId, 0);
    if (isInBackup) await backup.take();
    const sequence = await entryOfFirstVersion(id, callId);
    await backup.restore();
    expect(await replay()).toMatchObject({ entries: 1, recordings: isInBackup ? 1 : 0, left: 0 });
    expect((await ledgerHead(database())).sequence).toBe(sequence);
    expect((await recordingRow(id))?.state).toBe(isInBackup ? "deleted" : undefined);
    for (const number of [0, 1]) await expectRefused(callId, number);
    // Later entries follow those of the first version.
    await remove("order", [await store(newId(), 0)]);
    expect((await ledgerHead(database())).sequence).toBe(sequence + 1);
  });

  test.each([
    ["of which the backup has the recordings", true],
    ["of which the backup has nothing", false],
  ])("refuses recordings by entries of the second version, %s", async (_, isInBackup) => {
    const [callId, erasedCallId] = [newId(), newId()];
    if (!isInBackup) await backup.take();
    const gone = await store(callId, 0, { sourceRecordingId: "mix" });
    const erased = await store(erasedCallId, 0);
    if (isInBackup) await backup.take();
    await remove("order", [gone]);
    await remove("request", [erased]);
    await backup.restore();
    expect(await replay()).toMatchObject({ entries: 2, recordings: isInBackup ? 2 : 0, left: 0 });
    await expectRefused(callId, 0);
    await expect(ask(callId, 1, { sourceRecordingId: "mix" })).rejects.toMatchObject(deleted);
    expect(await recordingRow(await store(callId, 1))).toMatchObject({ state: "stored" });
    for (const number of [0, 1]) await expectRefused(erasedCallId, number);
    const states = await database()
      .select({ state: recordings.state })
      .from(recordings)
      .where(and(inArray(recordings.id, [gone, erased])));
    expect(states).toEqual(isInBackup ? [{ state: "deleted" }, { state: "deleted" }] : []);
  });
});
