import { readdir } from "node:fs/promises";
import { request } from "node:http";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { apiKeys, recordings, uploadTickets } from "@/lib/db/schema";
import { env } from "@/lib/env";
import { reconcileUploads } from "@/lib/recordings/reconcile-uploads";
import { startContent } from "@/lib/recordings/start-content";
import { configuredStore } from "@/lib/storage/configured-store";
import { incomingPath } from "@/lib/storage/disk/disk-layout";
import { audio, audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { job, serviceAccount, signedInAs } from "../../support/people";
import { startPortalServer, type PortalServer } from "../../support/portal-server";
import { call } from "../../support/portal";
import { askTicket, callMetadata, complete, contentDigest, eventsAbout, phoneSystem, plainMetadata, problemOf, putContent, recordingRow, refusal, sendBytes, storedKeys, ticketsOf, type PhoneSystem, type Ticket } from "../../support/uploads";

let server: PortalServer;
let system: PhoneSystem;
let file: Audio;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
  file = smallAudio();
});

afterAll(() => server.close());

const ask = async (metadata: unknown = plainMetadata(system.unitCode, file), headers = system.headers): Promise<Ticket> => (await (await askTicket(headers, metadata)).json()) as Ticket;
const put = (id: string, bytes = file.bytes, more: Record<string, string> = {}) => putContent(system.headers, id, bytes, more);
const changed = (bytes: Buffer) => Buffer.from(bytes.map((byte, index) => (index === 5000 ? byte ^ 1 : byte)));
const actionsOf = async (id: string) => (await eventsAbout(id)).map(({ action }) => action).filter((action) => action !== "recording.waveform_computed");

async function unfinishedFiles(): Promise<string[]> {
  const settings = env();
  return settings.STORE === "disk" ? readdir(incomingPath(settings.DISK_STORE_PATH)).catch(() => []) : [];
}

/** Nothing of it is visible, and the same PUT still goes through. */
async function expectStillWaiting(id: string) {
  await vi.waitFor(async () => expect(await unfinishedFiles()).toEqual([]));
  expect(await recordingRow(id)).toMatchObject({ state: "pending", objectKey: null, sizeBytes: null, sha256: null });
  const keys = (await ticketsOf(id)).map(({ objectKey }) => objectKey);
  expect((await storedKeys()).filter((key) => keys.includes(key))).toEqual([]);
  expect((await put(id)).status).toBe(200);
  expect(await recordingRow(id)).toMatchObject({ state: "stored", sizeBytes: file.sizeBytes });
}

describe("a phone system that can neither measure nor hash", () => {
  test("asks, sends, and it is stored in the same request", async () => {
    const ticket = await ask(plainMetadata(system.unitCode, file, { callKind: "Complaint" }));
    expect(ticket).toMatchObject({ state: "pending", upload: { kind: "content", method: "PUT", url: `${server.origin}/api/recordings/${ticket.id}/content`, headers: { "content-type": file.contentType } } });
    const sent = await put(ticket.id);
    expect([sent.status, await sent.json()]).toEqual([200, { id: ticket.id, state: "stored" }]);
    const row = await recordingRow(ticket.id);
    expect(row).toMatchObject({ state: "stored", sizeBytes: file.sizeBytes, callKind: "complaint", encryption: { algorithm: "custodia:aes256-gcm" } });
    expect(row.sha256!.toString("hex")).toBe(file.sha256);
    expect(row.retainUntil).not.toBeNull();
    expect(await actionsOf(ticket.id)).toEqual(["recording.upload_requested", "recording.upload_started", "recording.stored"]);
    expect(await eventsAbout(ticket.id, "recording.stored")).toMatchObject([{ actorId: system.serviceAccountId, details: { sizeBytes: file.sizeBytes, sha256: file.sha256 } }]);
    expect((await ticketsOf(ticket.id)).map(({ kind, outcome }) => [kind, outcome])).toEqual([["content", "completed"], ["received", "completed"]]);
    expect((await ask({ ...plainMetadata(system.unitCode, file), sourceCallId: row.sourceCallId })).upload).toBeNull();
  });

  test("a file of many megabytes, by HTTP", async () => {
    const large = audioOf("long.wav", Buffer.concat([audio("call-03-wav-alaw-mono.wav").bytes, Buffer.alloc(24 * 1024 ** 2, 0xd5)]), "audio/wav");
    const ticket = await ask(plainMetadata(system.unitCode, large));
    const sent = await fetch(ticket.upload!.url, { method: "PUT", headers: { ...system.headers, ...ticket.upload!.headers, "content-digest": contentDigest(large.bytes) }, body: new Uint8Array(large.bytes) });
    expect(sent.status).toBe(200);
    expect((await recordingRow(ticket.id)).sha256!.toString("hex")).toBe(large.sha256);
  });

  test("only one of size and SHA-256 is refused, with the field that is missing", async () => {
    for (const [missing, metadata] of [["sha256", { sha256: undefined }], ["sizeBytes", { sizeBytes: null }]] as const) {
      const { status, body } = await problemOf(await askTicket(system.headers, callMetadata(system.unitCode, file, metadata)));
      expect([status, (body.fields as { path: string }[])[0]!.path]).toEqual([422, missing]);
    }
  });

  test("an administrator may send with a session", async () => {
    const admin = await signedInAs("admin");
    const ticket = await ask(undefined, admin.headers);
    expect((await putContent(admin.headers, ticket.id, file.bytes)).status).toBe(200);
    expect(await eventsAbout(ticket.id, "recording.stored")).toMatchObject([{ actorType: "user", actorId: admin.userId }]);
  });

  test("completing is not asked for, and harmless", async () => {
    const ticket = await ask();
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(409, "not_uploaded"));
    expect((await put(ticket.id)).status).toBe(200);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
    expect(await eventsAbout(ticket.id, "recording.stored")).toHaveLength(1);
  });
});

describe("sent again", () => {
  test("the same bytes: stored; other bytes: refused, and nothing is replaced", async () => {
    const ticket = await ask();
    expect((await put(ticket.id)).status).toBe(200);
    const before = await recordingRow(ticket.id);
    const again = await put(ticket.id);
    expect([again.status, await again.json()]).toEqual([200, { id: ticket.id, state: "stored" }]);
    expect(await problemOf(await put(ticket.id, changed(file.bytes)))).toMatchObject(refusal(409, "already_stored"));
    expect(await problemOf(await put(ticket.id, file.bytes.subarray(1)))).toMatchObject(refusal(409, "already_stored"));
    expect(await recordingRow(ticket.id)).toMatchObject({ objectKey: before.objectKey, objectEtag: before.objectEtag });
    expect(await eventsAbout(ticket.id, "recording.stored")).toHaveLength(1);
  });

  test("asked for twice before anything is sent: the same leave, and the second description counts", async () => {
    const metadata = plainMetadata(system.unitCode, file);
    const first = await ask(metadata);
    const second = await ask({ ...metadata, callKind: "sale" });
    expect([second.id, second.upload!.url]).toEqual([first.id, first.upload!.url]);
    expect(await ticketsOf(first.id)).toHaveLength(1);
    expect(await recordingRow(first.id)).toMatchObject({ callKind: "sale" });
    expect((await put(first.id)).status).toBe(200);
  });

  test("many at once: each is told stored, once it is; one object stays", async () => {
    const ticket = await ask();
    const answers = await Promise.all(Array.from({ length: 4 }, () => put(ticket.id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await eventsAbout(ticket.id, "recording.stored")).toHaveLength(1);
    const { objectKey } = await recordingRow(ticket.id);
    await database().update(uploadTickets).set({ expiresAt: sql`now() - interval '61 minutes'` }).where(eq(uploadTickets.recordingId, ticket.id));
    await reconcileUploads(job());
    const keys = (await ticketsOf(ticket.id)).map((row) => row.objectKey);
    expect((await storedKeys()).filter((key) => keys.includes(key))).toEqual([objectKey]);
  });

  test("two at once with different bytes: one is stored, the other is told so", async () => {
    const ticket = await ask();
    const other = audioOf(file.name, Buffer.concat([file.bytes, Buffer.alloc(64)]), file.contentType);
    const answers = await Promise.all([put(ticket.id), put(ticket.id, other.bytes)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = answers[0]!.status === 200 ? file : other;
    expect((await recordingRow(ticket.id)).sha256!.toString("hex")).toBe(winner.sha256);
    expect((await put(ticket.id, winner.bytes)).status).toBe(200);
  });
});

describe("what the headers say", () => {
  test.each<[string, Record<string, string>, number, string]>([
    ["another type", { "content-type": "audio/mpeg" }, 415, "unsupported_media_type"],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415, "unsupported_media_type"],
    ["an encoded body", { "content-encoding": "gzip" }, 415, "unsupported_media_type"],
    ["no length", { "content-length": "" }, 411, "length_required"],
    ["a length that is none", { "content-length": "-1" }, 411, "length_required"],
    ["nothing to come", { "content-length": "0" }, 422, "empty_file"],
    ["too much to come", { "content-length": String(5 * 1024 ** 3 + 1) }, 413, "too_large"],
    ["a digest that is none", { "content-digest": "sha-256=:abc:" }, 422, "invalid_input"],
    ["two digests that differ", { "content-digest": contentDigest(Buffer.from("a")), "repr-digest": contentDigest(Buffer.from("b")) }, 422, "invalid_input"],
    ["a huge header", { "content-digest": "x".repeat(4000) }, 422, "invalid_input"],
  ])("%s", async (_, headers, status, code) => {
    const ticket = await ask();
    expect(await problemOf(await put(ticket.id, file.bytes, headers))).toMatchObject(refusal(status, code));
    expect(await ticketsOf(ticket.id)).toHaveLength(1);
    await expectStillWaiting(ticket.id);
  });

  test.each<[string, Record<string, string>]>([
    ["the type by another name", { "content-type": "audio/x-m4a; charset=binary" }],
    ["the right digest", { "content-digest": contentDigest(smallAudio().bytes) }],
    ["the right digest among others", { "repr-digest": `md5=:AAAA:, ${contentDigest(smallAudio().bytes)}` }],
    ["a digest of another kind alone", { "content-digest": "sha-512=:AAAA:" }],
  ])("%s goes through", async (_, headers) => {
    const ticket = await ask();
    expect((await put(ticket.id, file.bytes, headers)).status).toBe(200);
  });
});

describe("a body that is not what was promised", () => {
  test.each<[string, () => { bytes: Buffer; headers: Record<string, string> }, number, string]>([
    ["another digest", () => ({ bytes: changed(file.bytes), headers: { "content-digest": contentDigest(file.bytes) } }), 422, "checksum_mismatch"],
    ["fewer bytes", () => ({ bytes: file.bytes.subarray(1), headers: { "content-length": String(file.sizeBytes) } }), 408, "upload_interrupted"],
    ["more bytes", () => ({ bytes: file.bytes, headers: { "content-length": "100" } }), 422, "size_mismatch"],
  ])("%s: refused with an event, and the same PUT still goes through", async (_, wrong, status, code) => {
    const ticket = await ask();
    const { bytes, headers } = wrong();
    expect(await problemOf(await put(ticket.id, bytes, headers))).toMatchObject(refusal(status, code));
    expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({ action: "recording.upload_refused", outcome: "failure", actorId: system.serviceAccountId, details: { code } });
    await expectStillWaiting(ticket.id);
  });

  test("no body at all", async () => {
    const ticket = await ask();
    const sent = await call("PUT", `/api/recordings/${ticket.id}/content`, { headers: { ...system.headers, "content-length": "10" } });
    expect(await problemOf(sent)).toMatchObject(refusal(408, "upload_interrupted"));
    await expectStillWaiting(ticket.id);
  });

  test.each([
    ["no audio", audioOf("a.m4a", Buffer.from("x".repeat(5000)), "audio/mp4"), 422, "not_audio"],
    ["audio of another type", { ...audio("call-19-mp3-mono.mp3"), contentType: "audio/mp4" }, 415, "unsupported_media_type"],
  ] as const)("%s: rejected, gone, and it may be asked for again", async (_, wrong, status, code) => {
    const metadata = plainMetadata(system.unitCode, file);
    const ticket = await ask(metadata);
    expect(await problemOf(await put(ticket.id, wrong.bytes))).toMatchObject(refusal(status, code));
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "rejected", rejectionCode: code, customerNumberEncrypted: null });
    expect(await eventsAbout(ticket.id, "recording.rejected")).toMatchObject([{ details: { code } }]);
    const keys = (await ticketsOf(ticket.id)).map(({ objectKey }) => objectKey);
    expect((await storedKeys()).filter((key) => keys.includes(key))).toEqual([]);
    expect(await problemOf(await put(ticket.id))).toMatchObject(refusal(410, "ticket_used"));
    expect((await ask(metadata)).id).toBe(ticket.id);
    await expectStillWaiting(ticket.id);
  });

  test("a connection cut in the middle", async () => {
    const long = audio("call-36-ogg-opus-stereo.opus");
    const ticket = await ask(plainMetadata(system.unitCode, long));
    const sent = request(ticket.upload!.url, { method: "PUT", headers: { ...system.headers, ...ticket.upload!.headers, "content-length": String(long.sizeBytes) } });
    sent.on("error", () => undefined);
    sent.write(long.bytes.subarray(0, 900_000));
    await vi.waitFor(async () => expect(await unfinishedFiles()).toHaveLength(1), { timeout: 20_000 });
    sent.destroy();
    await vi.waitFor(async () => expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({ action: "recording.upload_refused", details: { code: "upload_interrupted" } }), { timeout: 20_000 });
    expect(await unfinishedFiles()).toEqual([]);
    expect((await recordingRow(ticket.id)).state).toBe("pending");
    expect((await put(ticket.id, long.bytes)).status).toBe(200);
  });
});

describe("what a stopped portal leaves", () => {
  const age = (id: string, interval: string) => database().update(uploadTickets).set({ expiresAt: sql`now() - ${interval}::interval` }).where(eq(uploadTickets.recordingId, id));

  /** A PUT that began half an hour ago and of which nobody has heard since. */
  async function stoppedPut(id: string, bytes: Buffer | null): Promise<void> {
    const started = await startContent(system.context(), { recordingId: id, contentType: null, contentLength: String(file.sizeBytes), contentEncoding: null, digest: null });
    if (started.kind !== "receive") throw new Error("it is stored already");
    if (bytes) await configuredStore().put(started.objectKey, bytes, { contentType: file.contentType, ifNoneMatch: "*" });
    await database().update(uploadTickets).set({ expiresAt: sql`now() - interval '6 minutes'` }).where(eq(uploadTickets.id, started.ticketId));
  }

  test("the bytes arrived and nobody completed: the job does, with what the store says of them", async () => {
    const ticket = await ask();
    await stoppedPut(ticket.id, file.bytes);
    expect(await reconcileUploads(job())).toMatchObject({ completed: 1, failed: 0 });
    const row = await recordingRow(ticket.id);
    expect(row).toMatchObject({ state: "stored", sizeBytes: file.sizeBytes });
    expect(row.sha256!.toString("hex")).toBe(file.sha256);
    expect(await eventsAbout(ticket.id, "recording.stored")).toMatchObject([{ actorType: "job", actorId: "reconcile" }]);
    expect((await put(ticket.id)).status).toBe(200);
  });

  test("the bytes did not arrive: that is said, and the same PUT goes through", async () => {
    const ticket = await ask();
    await stoppedPut(ticket.id, null);
    expect(await reconcileUploads(job())).toMatchObject({ completed: 0, failed: 0 });
    expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({ action: "recording.upload_refused", actorType: "job", details: { code: "ticket_expired" } });
    await expectStillWaiting(ticket.id);
  });

  test("never sent: rejected after its day, and asked for again it goes through", async () => {
    const metadata = plainMetadata(system.unitCode, file);
    const ticket = await ask(metadata);
    await age(ticket.id, "1 second");
    expect(await problemOf(await put(ticket.id))).toMatchObject(refusal(410, "ticket_expired"));
    await age(ticket.id, "6 minutes");
    expect(await reconcileUploads(job())).toMatchObject({ rejected: 1, failed: 0 });
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "rejected", rejectionCode: "ticket_expired" });
    await ask(metadata);
    await expectStillWaiting(ticket.id);
  });
});

describe("who may not", () => {
  test("nobody, other phone systems, people without the role, an expired key: nothing of it changes", async () => {
    const ticket = await ask();
    const other = await serviceAccount();
    const expired = await serviceAccount();
    await database().update(apiKeys).set({ expiresAt: new Date(Date.now() - 1000) }).where(eq(apiKeys.id, expired.apiKeyId));
    expect(await problemOf(await putContent({}, ticket.id, file.bytes))).toMatchObject(refusal(401, "unauthenticated"));
    expect(await problemOf(await putContent(other.headers, ticket.id, file.bytes))).toMatchObject(refusal(404, "not_found"));
    expect(await problemOf(await putContent(expired.headers, ticket.id, file.bytes))).toMatchObject(refusal(401, "unknown_api_key"));
    for (const role of ["supervisor", "dpo", "auditor"] as const) {
      const person = await signedInAs(role);
      expect(await problemOf(await putContent(person.headers, ticket.id, file.bytes))).toMatchObject(refusal(403, "forbidden"));
    }
    const admin = await signedInAs("admin");
    expect(await problemOf(await putContent({ ...admin.headers, origin: "https://evil.example", "sec-fetch-site": "cross-site" }, ticket.id, file.bytes))).toMatchObject(refusal(403, "cross_site"));
    expect(await actionsOf(ticket.id)).toEqual(["recording.upload_requested"]);
    await expectStillWaiting(ticket.id);
  });

  test("the holder of another kind of ticket", async () => {
    const ticket = await ask(callMetadata(system.unitCode, file));
    expect(await problemOf(await put(ticket.id))).toMatchObject(refusal(409, "wrong_upload_kind"));
    expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
    expect((await put(ticket.id)).status).toBe(200);
  });

  test("somebody who sends a call that was deleted", async () => {
    const ticket = await ask();
    await put(ticket.id);
    await database().update(recordings).set({ state: "deleting" }).where(eq(recordings.id, ticket.id));
    expect(await problemOf(await put(ticket.id))).toMatchObject(refusal(409, "already_deleted"));
  });
});
