import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { request } from "node:http";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { apiKeys, recordings, uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { env } from "@/lib/core/env";
import { completeUpload } from "@/lib/uploads/complete-upload";
import { recordContentHash } from "@/lib/uploads/content/record-content-hash";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { startContent } from "@/lib/uploads/content/start-content";
import { configuredStore } from "@/lib/storage/configured-store";
import { incomingPath } from "@/lib/storage/disk/disk-layout";
import { audio, audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { job, serviceAccount, signedInAs } from "../../support/people";
import { startPortalServer, type PortalServer } from "../../support/portal-server";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  complete,
  completeTicket,
  contentDigest,
  eventsAbout,
  phoneSystem,
  plainMetadata,
  problemOf,
  putContent,
  recordingRow,
  recordingsOfCall,
  refusal,
  sendBytes,
  storedKeys,
  ticketsOf,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

let server: PortalServer;
let system: PhoneSystem;
let file: Audio;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
  file = smallAudio();
});

afterAll(() => server.close());

const ask = async (
  metadata: unknown = plainMetadata(system.unitCode, file),
  headers = system.headers,
): Promise<Ticket> => (await (await askTicket(headers, metadata)).json()) as Ticket;
/** A recording with an id that the phone system gives. */
const ofOwnId = () => plainMetadata(system.unitCode, file, { sourceRecordingId: "mix" });
const put = (id: string, bytes = file.bytes, more: Record<string, string> = {}) =>
  putContent(system.headers, id, bytes, more);
const changed = (bytes: Buffer) => Buffer.from(bytes.map((byte, index) => (index === 5000 ? byte ^ 1 : byte)));
const actionsOf = async (id: string) =>
  (await eventsAbout(id)).map(({ action }) => action).filter((action) => action !== "recording.waveform_computed");

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest();

async function unfinishedFiles(): Promise<string[]> {
  const settings = env();
  return settings.STORE === "disk" ? readdir(incomingPath(settings.DISK_STORE_PATH)).catch(() => []) : [];
}

/** Expects nothing to be visible, and the same PUT to succeed. */
async function expectStillWaiting(id: string) {
  await vi.waitFor(async () => expect(await unfinishedFiles()).toEqual([]), { timeout: 20_000 });
  expect(await recordingRow(id)).toMatchObject({ state: "pending", objectKey: null, sizeBytes: null, sha256: null });
  const keys = (await ticketsOf(id)).map(({ objectKey }) => objectKey);
  expect((await storedKeys()).filter((key) => keys.includes(key))).toEqual([]);
  expect((await put(id)).status).toBe(200);
  expect(await recordingRow(id)).toMatchObject({ state: "stored", sizeBytes: file.sizeBytes });
}

describe("a phone system that can neither measure nor hash its files", () => {
  test("requests, sends and gets the recording stored in the same request", async () => {
    const ticket = await ask(plainMetadata(system.unitCode, file, { callKind: "Complaint" }));
    expect(ticket).toMatchObject({
      state: "pending",
      upload: {
        kind: "content",
        method: "PUT",
        url: `${server.origin}/api/recordings/${ticket.id}/content`,
        headers: { "content-type": file.contentType },
      },
    });
    const sent = await put(ticket.id);
    expect([sent.status, await sent.json()]).toEqual([200, { id: ticket.id, state: "stored" }]);
    const row = await recordingRow(ticket.id);
    expect(row).toMatchObject({
      state: "stored",
      sizeBytes: file.sizeBytes,
      callKind: "complaint",
      encryption: { algorithm: "custodia:aes256-gcm" },
    });
    expect(row.sha256!.toString("hex")).toBe(file.sha256);
    expect(row.retainUntil).not.toBeNull();
    expect(await actionsOf(ticket.id)).toEqual([
      "recording.upload_requested",
      "recording.upload_started",
      "recording.stored",
    ]);
    expect(await eventsAbout(ticket.id, "recording.stored")).toMatchObject([
      { actorId: system.serviceAccountId, details: { sizeBytes: file.sizeBytes, sha256: file.sha256 } },
    ]);
    expect((await ticketsOf(ticket.id)).map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ["content", "completed"],
      ["received", "completed"],
    ]);
  });

  test("asks again without a hash: answered `stored` after the bytes were compared, and kept once", async () => {
    const metadata = plainMetadata(system.unitCode, file);
    const first = await ask(metadata);
    expect((await put(first.id)).status).toBe(200);
    for (let times = 0; times < 2; times += 1) {
      const again = await ask(metadata);
      expect(again).toMatchObject({ state: "pending", upload: { kind: "content" } });
      for (let puts = 0; puts < 2; puts += 1)
        expect(await (await put(again.id)).json()).toEqual({ id: first.id, state: "stored" });
      expect(await recordingRow(again.id)).toMatchObject({ state: "rejected", rejectionCode: "already_stored" });
    }
    expect(await recordingsOfCall(metadata.sourceCallId)).toHaveLength(2);
    // Under an id of the sender's own the bytes are compared with that recording.
    const named = { ...metadata, sourceCallId: newId(), sourceRecordingId: "mix" };
    const { id } = await ask(named);
    expect((await put(id)).status).toBe(200);
    expect(await ask(named)).toMatchObject({ id, state: "pending", upload: { kind: "content" } });
    expect(await (await put(id)).json()).toEqual({ id, state: "stored" });
    expect(await problemOf(await put(id, changed(file.bytes)))).toMatchObject(refusal(409, "already_stored"));
  });

  test("sends a file of many megabytes over HTTP", async () => {
    const large = audioOf(
      "long.wav",
      Buffer.concat([audio("call-03-wav-alaw-mono.wav").bytes, Buffer.alloc(24 * 1024 ** 2, 0xd5)]),
      "audio/wav",
    );
    const ticket = await ask(plainMetadata(system.unitCode, large));
    const sent = await fetch(ticket.upload!.url, {
      method: "PUT",
      headers: { ...system.headers, ...ticket.upload!.headers, "content-digest": contentDigest(large.bytes) },
      body: new Uint8Array(large.bytes),
    });
    expect(sent.status).toBe(200);
    expect((await recordingRow(ticket.id)).sha256!.toString("hex")).toBe(large.sha256);
  });

  test("is refused with only one of size and SHA-256, naming the missing field", async () => {
    for (const [missing, metadata] of [
      ["sha256", { sha256: undefined }],
      ["sizeBytes", { sizeBytes: null }],
    ] as const) {
      const { status, body } = await problemOf(
        await askTicket(system.headers, callMetadata(system.unitCode, file, metadata)),
      );
      expect([status, (body.fields as { path: string }[])[0]!.path]).toEqual([422, missing]);
    }
  });

  test("may be an administrator with a session", async () => {
    const admin = await signedInAs("admin");
    const ticket = await ask(undefined, admin.headers);
    expect((await putContent(admin.headers, ticket.id, file.bytes)).status).toBe(200);
    expect(await eventsAbout(ticket.id, "recording.stored")).toMatchObject([
      { actorType: "user", actorId: admin.userId },
    ]);
  });

  test("need not complete; a completion is harmless", async () => {
    const ticket = await ask();
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(409, "not_uploaded"));
    expect((await put(ticket.id)).status).toBe(200);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
    expect(await eventsAbout(ticket.id, "recording.stored")).toHaveLength(1);
  });
});

describe("a repeated PUT", () => {
  test("of the same bytes is stored; of other bytes is another recording of the call", async () => {
    const ticket = await ask();
    const { id } = ticket;
    expect(await (await put(id)).json()).toEqual({ id, state: "stored" });
    const { sourceCallId, objectKey } = await recordingRow(id);
    for (const bytes of [changed(file.bytes), Buffer.concat([file.bytes, Buffer.alloc(64)])]) {
      const sent = await put(id, bytes);
      const other = (await sent.json()) as { id: string; state: string };
      expect([sent.status, other.state]).toEqual([200, "stored"]);
      expect(other.id).not.toBe(id);
      expect(await recordingRow(other.id)).toMatchObject({ state: "stored", sourceCallId, sha256: hashOf(bytes) });
      // Whether its sender repeats the PUT or completes, it is the same recording.
      expect(await (await put(id, bytes)).json()).toEqual(other);
      const { id: ticketId } = (await ticketsOf(other.id)).find(({ outcome }) => outcome === "completed")!;
      expect(await completeUpload(system.context(), { recordingId: id, ticketId })).toEqual(other);
    }
    expect(await (await put(id)).json()).toEqual({ id, state: "stored" });
    expect(await recordingRow(id)).toMatchObject({ state: "stored", objectKey });
    expect(await recordingsOfCall(sourceCallId)).toHaveLength(3);
  });

  test("of other bytes, under an id of the sender's own, is refused and replaces nothing", async () => {
    const ticket = await ask(ofOwnId());
    expect((await put(ticket.id)).status).toBe(200);
    const before = await recordingRow(ticket.id);
    const again = await put(ticket.id);
    expect([again.status, await again.json()]).toEqual([200, { id: ticket.id, state: "stored" }]);
    expect(await problemOf(await put(ticket.id, changed(file.bytes)))).toMatchObject(refusal(409, "already_stored"));
    expect(await problemOf(await put(ticket.id, file.bytes.subarray(1)))).toMatchObject(refusal(409, "already_stored"));
    expect(await recordingRow(ticket.id)).toMatchObject({ objectKey: before.objectKey, objectEtag: before.objectEtag });
    expect(await eventsAbout(ticket.id, "recording.stored")).toHaveLength(1);
  });

  test("after two requests uses the same ticket, and the later metadata counts", async () => {
    const metadata = plainMetadata(system.unitCode, file);
    const first = await ask(metadata);
    const second = await ask({ ...metadata, callKind: "sale" });
    expect([second.id, second.upload!.url]).toEqual([first.id, first.upload!.url]);
    expect(await ticketsOf(first.id)).toHaveLength(1);
    expect(await recordingRow(first.id)).toMatchObject({ callKind: "sale" });
    expect((await put(first.id)).status).toBe(200);
  });

  test("sent many times at once is answered stored each time, and one object remains", async () => {
    const ticket = await ask();
    const answers = await Promise.all(Array.from({ length: 4 }, () => put(ticket.id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await eventsAbout(ticket.id, "recording.stored")).toHaveLength(1);
    const { objectKey } = await recordingRow(ticket.id);
    await database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - interval '61 minutes'` })
      .where(eq(uploadTickets.recordingId, ticket.id));
    await reconcileUploads(job());
    const keys = (await ticketsOf(ticket.id)).map((row) => row.objectKey);
    expect((await storedKeys()).filter((key) => keys.includes(key))).toEqual([objectKey]);
  });

  test("sent twice at once with different bytes is two recordings of the call", async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await ask();
      const files = [file.bytes, changed(file.bytes)];
      const answers = await Promise.all(files.map((bytes) => put(id, bytes)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { id: string }).id));
      expect(ids[0]).not.toBe(ids[1]);
      for (const [index, bytes] of files.entries())
        expect(await recordingRow(ids[index]!)).toMatchObject({ state: "stored", sha256: hashOf(bytes) });
      expect(await recordingsOfCall((await recordingRow(id)).sourceCallId)).toHaveLength(2);
    }
  });

  test("sent twice at once under an id of the sender's own, with different bytes, is stored and refused", async () => {
    const ticket = await ask(ofOwnId());
    const other = audioOf(file.name, Buffer.concat([file.bytes, Buffer.alloc(64)]), file.contentType);
    const answers = await Promise.all([put(ticket.id), put(ticket.id, other.bytes)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = answers[0]!.status === 200 ? file : other;
    expect((await recordingRow(ticket.id)).sha256!.toString("hex")).toBe(winner.sha256);
    const refused = answers.find(({ status }) => status === 409)!;
    expect(["upload_conflict", "already_stored"]).toContain((await problemOf(refused)).code);
    expect((await put(ticket.id, winner.bytes)).status).toBe(200);
    // An optional completion cannot name one of the two uploads.
    for (const completed of [complete(system.headers, ticket.id), completeTicket(system.headers, ticket)])
      expect(await problemOf(await completed)).toMatchObject(refusal(409, "upload_ambiguous"));
  });

  test("of other bytes, under an id of the sender's own, is not confirmed by a completion", async () => {
    const ticket = await ask(ofOwnId());
    expect((await put(ticket.id)).status).toBe(200);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
    expect(await problemOf(await put(ticket.id, changed(file.bytes)))).toMatchObject(refusal(409, "already_stored"));
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(409, "upload_ambiguous"));
    expect((await put(ticket.id)).status).toBe(200);
  });
});

describe("the headers of a PUT", () => {
  test.each<[string, Record<string, string>, number, string]>([
    ["another type", { "content-type": "audio/mpeg" }, 415, "unsupported_media_type"],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415, "unsupported_media_type"],
    ["an encoded body", { "content-encoding": "gzip" }, 415, "unsupported_media_type"],
    ["no length", { "content-length": "" }, 411, "length_required"],
    ["an invalid length", { "content-length": "-1" }, 411, "length_required"],
    ["a length of zero", { "content-length": "0" }, 422, "empty_file"],
    ["a length above the limit", { "content-length": String(5 * 1024 ** 3 + 1) }, 413, "too_large"],
    ["invalid Content-Digest", { "content-digest": "sha-256=:abc:" }, 422, "invalid_input"],
    [
      "two digests that differ",
      { "content-digest": contentDigest(Buffer.from("a")), "repr-digest": contentDigest(Buffer.from("b")) },
      422,
      "invalid_input",
    ],
    ["a huge header", { "content-digest": "x".repeat(4000) }, 422, "invalid_input"],
  ])("are refused with %s", async (_, headers, status, code) => {
    const ticket = await ask();
    expect(await problemOf(await put(ticket.id, file.bytes, headers))).toMatchObject(refusal(status, code));
    expect(await ticketsOf(ticket.id)).toHaveLength(1);
    await expectStillWaiting(ticket.id);
  });

  test.each<[string, Record<string, string>]>([
    ["the type by another name", { "content-type": "audio/x-m4a; charset=binary" }],
    ["the right digest", { "content-digest": contentDigest(smallAudio().bytes) }],
    ["the right digest among others", { "repr-digest": `md5=:AAAA:, ${contentDigest(smallAudio().bytes)}` }],
    ["a digest of another kind only", { "content-digest": "sha-512=:AAAA:" }],
  ])("are accepted with %s", async (_, headers) => {
    const ticket = await ask();
    expect((await put(ticket.id, file.bytes, headers)).status).toBe(200);
  });
});

describe("a body that differs from its announcement", () => {
  test.each<[string, () => { bytes: Buffer; headers: Record<string, string> }, number, string]>([
    [
      "another digest",
      () => ({ bytes: changed(file.bytes), headers: { "content-digest": contentDigest(file.bytes) } }),
      422,
      "checksum_mismatch",
    ],
    [
      "fewer bytes",
      () => ({ bytes: file.bytes.subarray(1), headers: { "content-length": String(file.sizeBytes) } }),
      408,
      "upload_interrupted",
    ],
    ["more bytes", () => ({ bytes: file.bytes, headers: { "content-length": "100" } }), 422, "size_mismatch"],
  ])("%s: refused with an event, and the same PUT then succeeds", async (_, wrong, status, code) => {
    const ticket = await ask();
    const { bytes, headers } = wrong();
    expect(await problemOf(await put(ticket.id, bytes, headers))).toMatchObject(refusal(status, code));
    expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({
      action: "recording.upload_refused",
      outcome: "failure",
      actorId: system.serviceAccountId,
      details: { code },
    });
    await expectStillWaiting(ticket.id);
  });

  test("is refused when it is missing", async () => {
    const ticket = await ask();
    const sent = await call("PUT", `/api/recordings/${ticket.id}/content`, {
      headers: { ...system.headers, "content-length": "10" },
    });
    expect(await problemOf(sent)).toMatchObject(refusal(408, "upload_interrupted"));
    await expectStillWaiting(ticket.id);
  });

  test.each([
    ["no audio", audioOf("a.m4a", Buffer.from("x".repeat(5000)), "audio/mp4"), 422, "not_audio"],
    [
      "audio of another type",
      { ...audio("call-19-mp3-mono.mp3"), contentType: "audio/mp4" },
      415,
      "unsupported_media_type",
    ],
  ] as const)("%s: rejected and removed; a new request is possible", async (_, wrong, status, code) => {
    const metadata = plainMetadata(system.unitCode, file);
    const ticket = await ask(metadata);
    expect(await problemOf(await put(ticket.id, wrong.bytes))).toMatchObject(refusal(status, code));
    expect(await recordingRow(ticket.id)).toMatchObject({
      state: "rejected",
      rejectionCode: code,
      customerNumberEncrypted: null,
    });
    expect(await eventsAbout(ticket.id, "recording.rejected")).toMatchObject([{ details: { code } }]);
    const keys = (await ticketsOf(ticket.id)).map(({ objectKey }) => objectKey);
    expect((await storedKeys()).filter((key) => keys.includes(key))).toEqual([]);
    expect(await problemOf(await put(ticket.id))).toMatchObject(refusal(410, "ticket_used"));
    expect((await ask(metadata)).id).toBe(ticket.id);
    await expectStillWaiting(ticket.id);
  });

  test("is refused when the connection is cut in the middle", async () => {
    const long = audio("call-36-ogg-opus-stereo.opus");
    const ticket = await ask(plainMetadata(system.unitCode, long));
    const sent = request(ticket.upload!.url, {
      method: "PUT",
      headers: { ...system.headers, ...ticket.upload!.headers, "content-length": String(long.sizeBytes) },
    });
    sent.on("error", () => undefined);
    sent.write(long.bytes.subarray(0, 900_000));
    await vi.waitFor(async () => expect(await unfinishedFiles()).toHaveLength(1), { timeout: 20_000 });
    sent.destroy();
    await vi.waitFor(
      async () =>
        expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({
          action: "recording.upload_refused",
          details: { code: "upload_interrupted" },
        }),
      { timeout: 20_000 },
    );
    expect(await unfinishedFiles()).toEqual([]);
    expect((await recordingRow(ticket.id)).state).toBe("pending");
    expect((await put(ticket.id, long.bytes)).status).toBe(200);
  });
});

describe("what a stopped portal leaves behind", () => {
  const age = (id: string, interval: string) =>
    database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - ${interval}::interval` })
      .where(eq(uploadTickets.recordingId, id));

  type Stopped = { arrived: Buffer | null; hashed: Buffer | null; digest?: string };

  /**
   * A PUT that began half an hour ago and stopped: what the store has of it, and the bytes whose hash the portal
   * recorded.
   */
  async function stoppedPut(id: string, { arrived, hashed, digest }: Stopped): Promise<string> {
    const started = await startContent(system.context(), {
      recordingId: id,
      contentType: null,
      contentLength: String(file.sizeBytes),
      contentEncoding: null,
      digest: digest ?? null,
    });
    if (started.kind !== "receive") throw new Error("it is stored already");
    if (hashed)
      await recordContentHash(system.context(), {
        recordingId: id,
        ticketId: started.ticketId,
        sha256: hashOf(hashed),
      });
    if (arrived)
      await configuredStore().put(started.objectKey, arrived, { contentType: file.contentType, ifNoneMatch: "*" });
    await database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - interval '6 minutes'` })
      .where(eq(uploadTickets.id, started.ticketId));
    return started.objectKey;
  }

  test.each<[string, () => Omit<Stopped, "arrived">]>([
    ["that the portal hashed", () => ({ hashed: file.bytes })],
    ["that the sender promised", () => ({ hashed: null, digest: contentDigest(file.bytes) })],
  ])("the bytes %s arrived and nobody completed: the job completes them", async (_, known) => {
    const ticket = await ask();
    await stoppedPut(ticket.id, { arrived: file.bytes, ...known() });
    expect(await reconcileUploads(job())).toMatchObject({ completed: 1, failed: 0 });
    const row = await recordingRow(ticket.id);
    expect(row).toMatchObject({ state: "stored", sizeBytes: file.sizeBytes });
    expect(row.sha256!.toString("hex")).toBe(file.sha256);
    expect(await eventsAbout(ticket.id, "recording.stored")).toMatchObject([
      { actorType: "job", actorId: "reconcile" },
    ]);
    expect((await put(ticket.id)).status).toBe(200);
  });

  test.each<[string, () => Stopped, string]>([
    [
      "other bytes than the portal hashed",
      () => ({ arrived: changed(file.bytes), hashed: file.bytes }),
      "checksum_mismatch",
    ],
    [
      "other bytes than the sender promised",
      () => ({ arrived: changed(file.bytes), hashed: null, digest: contentDigest(file.bytes) }),
      "checksum_mismatch",
    ],
    ["fewer bytes", () => ({ arrived: file.bytes.subarray(0, -1), hashed: file.bytes }), "size_mismatch"],
  ])("%s arrived: rejected with an event and removed; a new upload succeeds", async (_, stopped, code) => {
    const metadata = plainMetadata(system.unitCode, file);
    const ticket = await ask(metadata);
    const objectKey = await stoppedPut(ticket.id, stopped());
    expect(await storedKeys()).toContain(objectKey);
    expect(await reconcileUploads(job())).toMatchObject({ completed: 0, rejected: 1, failed: 0 });
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "rejected", rejectionCode: code });
    expect(await eventsAbout(ticket.id, "recording.rejected")).toMatchObject([
      { actorType: "job", actorId: "reconcile", details: { code } },
    ]);
    expect(await storedKeys()).not.toContain(objectKey);
    await ask(metadata);
    await expectStillWaiting(ticket.id);
  });

  test("other bytes arrived, and the sender repeats before the job runs: its own bytes are stored", async () => {
    const ticket = await ask();
    const objectKey = await stoppedPut(ticket.id, { arrived: changed(file.bytes), hashed: file.bytes });
    expect((await put(ticket.id)).status).toBe(200);
    expect((await recordingRow(ticket.id)).sha256!.toString("hex")).toBe(file.sha256);
    await reconcileUploads(job());
    await age(ticket.id, "61 minutes");
    expect(await reconcileUploads(job())).toMatchObject({ completed: 0, swept: 1, failed: 0 });
    expect(await storedKeys()).not.toContain(objectKey);
  });

  test("a PUT of different content is another recording, also when another upload was stored meanwhile", async () => {
    const ticket = await ask();
    await stoppedPut(ticket.id, { arrived: changed(file.bytes), hashed: changed(file.bytes) });
    expect((await put(ticket.id)).status).toBe(200);
    expect(await reconcileUploads(job())).toMatchObject({ completed: 1, failed: 0 });
    const { sourceCallId } = await recordingRow(ticket.id);
    expect((await recordingsOfCall(sourceCallId)).map(({ state, sha256 }) => [state, sha256])).toEqual([
      ["stored", hashOf(file.bytes)],
      ["stored", hashOf(changed(file.bytes))],
    ]);
  });

  test("under an id of the sender's own it is refused", async () => {
    const ticket = await ask(ofOwnId());
    await stoppedPut(ticket.id, { arrived: changed(file.bytes), hashed: changed(file.bytes) });
    expect((await put(ticket.id)).status).toBe(200);
    const [late, kept] = (await ticketsOf(ticket.id)).filter(({ kind }) => kind === "received");
    await expect(completeUpload(job(), { recordingId: ticket.id, ticketId: late!.id })).rejects.toMatchObject({
      code: "upload_conflict",
    });
    expect(await completeUpload(job(), { recordingId: ticket.id, ticketId: kept!.id })).toEqual({
      id: ticket.id,
      state: "stored",
    });
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "stored", objectKey: kept!.objectKey });
  });

  test.each<[string, () => Stopped]>([
    ["nothing arrived", () => ({ arrived: null, hashed: null })],
    ["nothing arrived of what the portal hashed", () => ({ arrived: null, hashed: file.bytes })],
    ["right bytes without anything to compare them with", () => ({ arrived: file.bytes, hashed: null })],
  ])("%s: an event, the leftovers are removed, and the same PUT succeeds", async (_, stopped) => {
    const ticket = await ask();
    const objectKey = await stoppedPut(ticket.id, stopped());
    expect(await reconcileUploads(job())).toMatchObject({ completed: 0, failed: 0 });
    expect((await eventsAbout(ticket.id)).at(-1)).toMatchObject({
      action: "recording.upload_refused",
      actorType: "job",
      details: { code: "ticket_expired" },
    });
    await database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - interval '61 minutes'` })
      .where(eq(uploadTickets.objectKey, objectKey));
    expect(await reconcileUploads(job())).toMatchObject({ swept: 1, failed: 0 });
    await expectStillWaiting(ticket.id);
  });

  test("nothing was sent: rejected after a day, and a new upload succeeds", async () => {
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

describe("the hash of a PUT", () => {
  async function openPut() {
    const { id } = await ask();
    const started = await startContent(system.context(), {
      recordingId: id,
      contentType: null,
      contentLength: String(file.sizeBytes),
      contentEncoding: null,
      digest: null,
    });
    return { recordingId: id, ticketId: (started as { ticketId: string }).ticketId };
  }
  const noted = async ({ recordingId, ticketId }: { recordingId: string; ticketId: string }) =>
    (await ticketsOf(recordingId)).find(({ id }) => id === ticketId)!.sha256;

  test("is stored once: a repeat is accepted, another hash is refused", async () => {
    const own = await openPut();
    expect(await noted(own)).toBeNull();
    for (let time = 0; time < 2; time += 1)
      await recordContentHash(system.context(), { ...own, sha256: hashOf(file.bytes) });
    await expect(
      recordContentHash(system.context(), { ...own, sha256: hashOf(changed(file.bytes)) }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await noted(own)).toEqual(hashOf(file.bytes));
  });

  test("is stored before the store can have the whole object", async () => {
    const { id } = await ask();
    const rest = Promise.withResolvers<Buffer | null>();
    const pieces = [Promise.resolve(file.bytes.subarray(0, 50_000)), rest.promise, Promise.resolve(null)];
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const piece = await pieces.shift();
      if (piece) controller.enqueue(new Uint8Array(piece));
      else controller.close();
    };
    const headers = { ...system.headers, "content-length": String(file.sizeBytes) };
    const sent = call("PUT", `/api/recordings/${id}/content`, { headers, body: new ReadableStream({ pull }) });
    const ticket = await vi.waitFor(
      async () => (await ticketsOf(id)).find(({ kind }) => kind === "received") ?? expect.fail("not begun"),
      { timeout: 20_000 },
    );
    await database().transaction(async (tx) => {
      await tx.select().from(uploadTickets).where(eq(uploadTickets.id, ticket.id)).for("update");
      rest.resolve(file.bytes.subarray(50_000));
      const isHeldUp = sql`select from pg_stat_activity where datname = current_database()
        and wait_event_type = 'Lock' and query like 'update "upload_tickets" set "sha256"%'`;
      await vi.waitFor(async () => expect(await database().execute(isHeldUp)).toHaveLength(1), { timeout: 20_000 });
      expect(await storedKeys()).not.toContain(ticket.objectKey);
    });
    expect((await sent).status).toBe(200);
    expect(await storedKeys()).toContain(ticket.objectKey);
    expect(await noted({ recordingId: id, ticketId: ticket.id })).toEqual(hashOf(file.bytes));
  });

  test("is refused from another caller and on another kind of ticket", async () => {
    const own = await openPut();
    const sha256 = hashOf(file.bytes);
    const [leave] = await ticketsOf(own.recordingId);
    await expect(recordContentHash((await serviceAccount()).context(), { ...own, sha256 })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(recordContentHash(system.context(), { ...own, ticketId: leave!.id, sha256 })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await noted(own)).toBeNull();
  });
});

describe("refuses", () => {
  test("a caller without a key, other phone systems, an expired key and another site; nothing changes", async () => {
    const ticket = await ask();
    const other = await serviceAccount();
    const expired = await serviceAccount();
    await database()
      .update(apiKeys)
      .set({ expiresAt: new Date(Date.now() - 1000) })
      .where(eq(apiKeys.id, expired.apiKeyId));
    expect(await problemOf(await putContent({}, ticket.id, file.bytes))).toMatchObject(refusal(401, "unauthenticated"));
    expect(await problemOf(await putContent(other.headers, ticket.id, file.bytes))).toMatchObject(
      refusal(404, "not_found"),
    );
    expect(await problemOf(await putContent(expired.headers, ticket.id, file.bytes))).toMatchObject(
      refusal(401, "unknown_api_key"),
    );
    const admin = await signedInAs("admin");
    expect(
      await problemOf(
        await putContent(
          { ...admin.headers, origin: "https://evil.example", "sec-fetch-site": "cross-site" },
          ticket.id,
          file.bytes,
        ),
      ),
    ).toMatchObject(refusal(403, "cross_site"));
    expect(await actionsOf(ticket.id)).toEqual(["recording.upload_requested"]);
    await expectStillWaiting(ticket.id);
  });

  test("a PUT on another kind of ticket", async () => {
    const ticket = await ask(callMetadata(system.unitCode, file));
    expect(await problemOf(await put(ticket.id))).toMatchObject(refusal(409, "wrong_upload_kind"));
    expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
    expect((await put(ticket.id)).status).toBe(200);
  });

  test("a PUT for a call that was deleted", async () => {
    const ticket = await ask();
    await put(ticket.id);
    await database().update(recordings).set({ state: "deleting" }).where(eq(recordings.id, ticket.id));
    expect(await problemOf(await put(ticket.id))).toMatchObject(refusal(409, "already_deleted"));
  });
});
