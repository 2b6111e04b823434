import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";
import { configuredStore } from "@/lib/storage/configured-store";
import { audio, audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { job, serviceAccount } from "../../support/people";
import { call } from "../../support/portal";
import { startPortalServer, type PortalServer } from "../../support/portal-server";
import { describeS3 } from "../../support/test-s3";
import { configureS3 } from "../../support/configure-s3";
import {
  askTicket,
  callMetadata,
  complete,
  contentDigest,
  eventsAbout,
  phoneSystem,
  plainMetadata,
  problemOf,
  putContent,
  recordingRow,
  refusal,
  storedKeys,
  ticketsOf,
  type PhoneSystem,
} from "../../support/uploads";
import { describeRacedUploads } from "./raced-uploads";
import { loadTypescript } from "../../support/load-typescript";

type PartsTicket = {
  id: string;
  state: string;
  upload: { kind: "multipart"; ticketId: string; partSizeBytes: number; partCount: number } | null;
};
type SignedPart = { partNumber: number; upload: { method: string; url: string; headers: Record<string, string> } };

const mebibyte = 1024 ** 2;
const root = path.resolve(import.meta.dirname, "../../..");

/** A call of this length: a real WAV in front, random samples behind, so that no two parts are the same. */
const longCall = (mebibytes: number): Audio =>
  audioOf(
    "long.wav",
    Buffer.concat([audio("call-03-wav-alaw-mono.wav").bytes, randomBytes(mebibytes * mebibyte)]),
    "audio/wav",
  );

await describeS3("uploads in parts", (s3) => {
  let server: PortalServer;
  let system: PhoneSystem;
  let file: Audio;
  let bucket: string;

  beforeAll(async () => {
    bucket = await s3.makeBucket("parts", { versioned: s3.needsVersions });
    configureS3(s3.configOf(bucket), { S3_VERSIONING: String(s3.needsVersions) });
    server = await startPortalServer();
    system = await phoneSystem();
    file = longCall(17);
  });

  afterAll(() => server?.close());

  const inParts = (of: Audio = file, changes = {}) =>
    callMetadata(system.unitCode, of, { multipart: true, ...changes });
  const ask = async (metadata: unknown = inParts()): Promise<PartsTicket> =>
    (await (await askTicket(system.headers, metadata)).json()) as PartsTicket;
  const list = (id: string, headers = system.headers) => call("GET", `/api/recordings/${id}/parts`, { headers });
  const arrived = async (id: string) =>
    ((await (await list(id)).json()) as { parts: { partNumber: number }[] }).parts.map(({ partNumber }) => partNumber);
  const part = (ticket: PartsTicket, partNumber: number, of: Audio = file) =>
    of.bytes.subarray((partNumber - 1) * ticket.upload!.partSizeBytes, partNumber * ticket.upload!.partSizeBytes);
  const describePart = (partNumber: number, bytes: Buffer) => ({
    partNumber,
    sizeBytes: bytes.length,
    sha256: audioOf("part.wav", bytes).sha256,
  });
  const askPart = (id: string, json: unknown, headers = system.headers) =>
    call("POST", `/api/recordings/${id}/parts`, { headers, json });
  const send = async (signed: SignedPart, bytes: Buffer) =>
    fetch(signed.upload.url, { method: "PUT", headers: signed.upload.headers, body: new Uint8Array(bytes) });

  async function sendPart(ticket: PartsTicket, partNumber: number, of: Audio = file): Promise<void> {
    const bytes = part(ticket, partNumber, of);
    const answered = await askPart(ticket.id, describePart(partNumber, bytes));
    expect(answered.status).toBe(200);
    expect((await send((await answered.json()) as SignedPart, bytes)).status).toBe(200);
  }

  /** Unfinished uploads at the store under the keys of these tickets. */
  async function unfinished(id: string): Promise<number> {
    const keys = (await ticketsOf(id)).map(({ objectKey }) => objectKey);
    const { Uploads = [] } = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return Uploads.filter(({ Key }) => keys.includes(Key!)).length;
  }

  /** The store's id of this recording's upload. */
  async function atStore(id: string): Promise<{ key: string; uploadId: string }> {
    const [ticket] = await ticketsOf(id);
    return { key: ticket!.objectKey, uploadId: ticket!.multipartUploadId! };
  }

  const age = (id: string, interval: string) =>
    database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - ${interval}::interval` })
      .where(eq(uploadTickets.recordingId, id));

  describeRacedUploads("a multipart upload", {
    system: () => system,
    announce: { multipart: true },
    send: async (ticket, of) => {
      const { ticketId } = ticket.upload!;
      const answered = await askPart(ticket.id, { ...describePart(1, of.bytes), ticketId });
      if (!answered.ok) throw new Error((await problemOf(answered)).code);
      const sent = await send((await answered.json()) as SignedPart, of.bytes);
      if (!sent.ok) throw new Error(String(sent.status));
    },
  });

  test("whose ticket was superseded gets no further part; a sender without a ticket is asked to name one", async () => {
    const other = longCall(17);
    const metadata = { ...inParts(), sourceRecordingId: "mix" };
    const early = await ask(metadata);
    await sendPart(early, 1);
    const late = await ask({ ...metadata, ...describePart(1, other.bytes), partNumber: undefined });
    expect(late.id).toBe(early.id);
    const second = describePart(2, part(early, 2));
    const named = (ticket: PartsTicket) => ({ ...second, ticketId: ticket.upload!.ticketId });
    expect(await problemOf(await askPart(early.id, named(early)))).toMatchObject(refusal(409, "upload_conflict"));
    expect(await problemOf(await askPart(early.id, second))).toMatchObject(refusal(409, "upload_ambiguous"));
    expect(await problemOf(await list(early.id))).toMatchObject(refusal(409, "upload_ambiguous"));
    const listed = (ticket: PartsTicket) =>
      call("GET", `/api/recordings/${ticket.id}/parts?ticketId=${ticket.upload!.ticketId}`, {
        headers: system.headers,
      });
    expect(await problemOf(await listed(early))).toMatchObject(refusal(409, "upload_conflict"));
    expect(await (await listed(late)).json()).toMatchObject({ partCount: 2, parts: [] });
    expect((await askPart(late.id, named(late))).status).toBe(200);
  });

  test("is stored part by part, with a stop in between", async () => {
    const metadata = inParts();
    const ticket = await ask(metadata);
    expect(ticket.upload).toMatchObject({ kind: "multipart", partSizeBytes: 16 * mebibyte, partCount: 2 });
    expect(await arrived(ticket.id)).toEqual([]);
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(409, "not_uploaded"));
    await sendPart(ticket, 1);
    expect(await arrived(ticket.id)).toEqual([1]);
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(409, "not_uploaded"));

    // The phone system restarts with only the metadata of the call.
    expect((await ask(metadata)).upload).toMatchObject(ticket.upload!);
    expect(await arrived(ticket.id)).toEqual([1]);
    await sendPart(ticket, 2);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
    const row = await recordingRow(ticket.id);
    expect(row).toMatchObject({ state: "stored", sizeBytes: file.sizeBytes });
    expect(row.sha256!.toString("hex")).toBe(file.sha256);
    expect(await unfinished(ticket.id)).toBe(0);
    expect(await ticketsOf(ticket.id)).toMatchObject([{ kind: "multipart", outcome: "completed" }]);
    expect(await eventsAbout(ticket.id, "recording.upload_started")).toHaveLength(1);
    expect(await eventsAbout(ticket.id, "recording.stored")).toMatchObject([
      { actorId: system.serviceAccountId, details: { sizeBytes: file.sizeBytes, sha256: file.sha256 } },
    ]);
    expect(await problemOf(await list(ticket.id))).toMatchObject(refusal(409, "already_stored"));
  });

  test("refuses a part of the wrong size or with other bytes than announced", async () => {
    const ticket = await ask();
    const bytes = part(ticket, 1);
    for (const [number, wrong] of [
      [2, bytes],
      [3, bytes],
      [1, bytes.subarray(1)],
    ] as const) {
      expect(await problemOf(await askPart(ticket.id, describePart(number, wrong)))).toMatchObject(
        refusal(422, "size_mismatch"),
      );
    }
    for (const json of [{ partNumber: 0 }, { partNumber: 10_001 }, { sha256: "x" }, { sizeBytes: -1 }, { more: 1 }]) {
      expect(await problemOf(await askPart(ticket.id, { ...describePart(1, bytes), ...json }))).toMatchObject(
        refusal(422, "invalid_input"),
      );
    }
    const signed = (await (await askPart(ticket.id, describePart(1, bytes))).json()) as SignedPart;
    expect((await send(signed, Buffer.from(bytes).fill(0, 100, 200))).ok).toBe(false);
    expect((await send(signed, bytes.subarray(1))).ok).toBe(false);
    expect(await arrived(ticket.id)).toEqual([]);
    expect((await send(signed, bytes)).status).toBe(200);
  });

  test("that differs from its announcement is rejected and removed from the store", async () => {
    const ticket = await ask(inParts({ ...file, sha256: "0".repeat(64) }));
    for (const number of [1, 2]) await sendPart(ticket, number);
    expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(422, "checksum_mismatch"));
    expect(await recordingRow(ticket.id)).toMatchObject({ state: "rejected", rejectionCode: "checksum_mismatch" });
    expect(await storedKeys()).not.toContain((await ticketsOf(ticket.id))[0]!.objectKey);
    expect(await problemOf(await list(ticket.id))).toMatchObject(refusal(410, "ticket_used"));
  });

  test("begins and completes once under parallel requests", async () => {
    const ticket = await ask();
    const begun = await Promise.all(
      Array.from({ length: 4 }, () => askPart(ticket.id, describePart(1, part(ticket, 1)))),
    );
    expect(begun.some(({ status }) => status === 200)).toBe(true);
    for (const answered of begun.filter(({ status }) => status !== 200))
      expect([await problemOf(answered), answered.headers.get("retry-after")]).toMatchObject([
        refusal(503, "store_unavailable"),
        "1",
      ]);
    expect(await unfinished(ticket.id)).toBe(1);
    await Promise.all([1, 2].map((number) => sendPart(ticket, number)));
    const answers = await Promise.all(Array.from({ length: 4 }, () => complete(system.headers, ticket.id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await eventsAbout(ticket.id, "recording.stored")).toHaveLength(1);
  });

  test("that a stopped portal had joined is completed without sending again", async () => {
    const metadata = inParts();
    const ticket = await ask(metadata);
    for (const number of [1, 2]) await sendPart(ticket, number);
    const { key, uploadId } = await atStore(ticket.id);
    const multipart = configuredStore().multipart!;
    await multipart.complete({ key, uploadId, parts: await multipart.listParts(key, uploadId), ifNoneMatch: "*" });
    expect((await ask(metadata)).upload).toMatchObject(ticket.upload!);
    expect(await arrived(ticket.id)).toEqual([1, 2]);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
  });

  test("that the store has abandoned gets another ticket", async () => {
    const metadata = inParts();
    const ticket = await ask(metadata);
    await sendPart(ticket, 1);
    const { key, uploadId } = await atStore(ticket.id);
    await configuredStore().multipart!.abort(key, uploadId);
    expect(await problemOf(await list(ticket.id))).toMatchObject(refusal(410, "ticket_expired"));
    const again = await ask(metadata);
    expect((await ticketsOf(ticket.id)).map(({ outcome }) => outcome)).toEqual(["superseded", null]);
    for (const number of [1, 2]) await sendPart(again, number);
    expect((await complete(system.headers, ticket.id)).status).toBe(200);
  });

  describe("an abandoned multipart upload", () => {
    test("with all parts sent is completed by the job", async () => {
      const ticket = await ask();
      for (const number of [1, 2]) await sendPart(ticket, number);
      await age(ticket.id, "6 minutes");
      expect(await reconcileUploads(job())).toMatchObject({ completed: 1, failed: 0 });
      expect(await recordingRow(ticket.id)).toMatchObject({ state: "stored", sizeBytes: file.sizeBytes });
      expect(await eventsAbout(ticket.id, "recording.stored")).toMatchObject([{ actorType: "job" }]);
    });

    test("with some parts sent is rejected and leaves nothing unfinished in the store", async () => {
      const ticket = await ask();
      await sendPart(ticket, 1);
      await age(ticket.id, "1 second");
      expect(await problemOf(await askPart(ticket.id, describePart(2, part(ticket, 2))))).toMatchObject(
        refusal(410, "ticket_expired"),
      );
      await age(ticket.id, "6 minutes");
      expect(await reconcileUploads(job())).toMatchObject({ rejected: 1, failed: 0 });
      expect(await recordingRow(ticket.id)).toMatchObject({ state: "rejected", rejectionCode: "ticket_expired" });
      expect(await unfinished(ticket.id)).toBe(0);
    });

    test("superseded by different content is swept soon after its last link expired", async () => {
      const metadata = { ...inParts(), sourceRecordingId: "mix" };
      const ticket = await ask(metadata);
      await sendPart(ticket, 1);
      const other = longCall(17);
      await ask({ ...metadata, sizeBytes: other.sizeBytes, sha256: other.sha256 });
      const [replaced] = await ticketsOf(ticket.id);
      expect(replaced).toMatchObject({ outcome: "superseded" });
      expect(replaced!.expiresAt.getTime()).toBeLessThan(Date.now() + 16 * 60_000);
      expect(await unfinished(ticket.id)).toBe(1);
      await database()
        .update(uploadTickets)
        .set({ expiresAt: sql`now() - interval '31 minutes'` })
        .where(eq(uploadTickets.id, replaced!.id));
      expect(await reconcileUploads(job())).toMatchObject({ swept: 1, failed: 0 });
      expect(await unfinished(ticket.id)).toBe(0);
      expect(await eventsAbout(ticket.id, "upload_ticket.swept")).toMatchObject([
        { details: { unfinishedUploadsAborted: 1 } },
      ]);
    });
  });

  test("refuses a caller without a key, another phone system and the holder of another kind of ticket", async () => {
    const ticket = await ask();
    const json = describePart(1, part(ticket, 1));
    const other = await serviceAccount();
    for (const work of [
      (headers: Record<string, string>) => list(ticket.id, headers),
      (headers: Record<string, string>) => askPart(ticket.id, json, headers),
    ]) {
      expect(await problemOf(await work({}))).toMatchObject(refusal(401, "unauthenticated"));
      expect(await problemOf(await work(other.headers))).toMatchObject(refusal(404, "not_found"));
    }
    const [row] = await ticketsOf(ticket.id);
    expect(row).toMatchObject({ multipartUploadId: null, closedAt: null });
    const single = await ask(callMetadata(system.unitCode, smallAudio()));
    expect(single.upload).toMatchObject({ kind: "single" });
    expect(await problemOf(await list(single.id))).toMatchObject(refusal(409, "wrong_upload_kind"));
    expect(
      await problemOf(await putContent(system.headers, ticket.id, smallAudio().bytes, { "content-type": "audio/wav" })),
    ).toMatchObject(refusal(409, "wrong_upload_kind"));
  });

  test("is used above the limit of one PUT, requested or not", async () => {
    const ticket = await ask(callMetadata(system.unitCode, { ...file, sizeBytes: 64 * 1024 * mebibyte }));
    expect(ticket.upload).toMatchObject({ kind: "multipart", partCount: 4096 });
  });

  test("is resumed by the import command after a kill between parts", async () => {
    const long = longCall(80);
    const folder = await mkdtemp(path.join(tmpdir(), "custodia-parts-"));
    const { source, sourceCallId } = callMetadata(system.unitCode, long);
    await writeFile(path.join(folder, long.name), long.bytes);
    await writeFile(
      path.join(folder, "manifest.json"),
      JSON.stringify([
        {
          file: long.name,
          source,
          sourceCallId,
          unit: system.unitCode,
          direction: "inbound",
          startedAt: new Date(Date.now() - 3_600_000).toISOString(),
        },
      ]),
    );
    const start = () =>
      spawn(
        process.execPath,
        [
          "--import",
          loadTypescript,
          path.join(root, "scripts/recordings.ts"),
          "import",
          folder,
          "--url",
          server.origin,
          "--json",
        ],
        { cwd: root, env: { ...process.env, CUSTODIA_API_KEY: system.apiKey }, stdio: ["ignore", "pipe", "ignore"] },
      );
    const rowOf = async () =>
      (
        await database().select({ id: recordings.id }).from(recordings).where(eq(recordings.sourceCallId, sourceCallId))
      )[0];

    const killed = start();
    const id = await vi.waitFor(async () => (await rowOf())!.id, { timeout: 60_000 });
    await vi.waitFor(async () => expect((await arrived(id)).length).toBeGreaterThan(0), {
      timeout: 60_000,
      interval: 10,
    });
    killed.kill("SIGKILL");
    await once(killed, "close");
    expect((await recordingRow(id)).state).toBe("pending");

    const again = start();
    await once(again, "close");
    expect(again.exitCode).toBe(0);
    const row = await recordingRow(id);
    expect(row).toMatchObject({ state: "stored", sizeBytes: long.sizeBytes });
    expect(row.sha256!.toString("hex")).toBe(long.sha256);
    // One upload, begun once: the second run resumed the first one's.
    expect(await ticketsOf(id)).toHaveLength(1);
    expect(await eventsAbout(id, "recording.upload_started")).toHaveLength(1);
    await rm(folder, { recursive: true });
  });

  describe("through the portal, to a store that requires the length", () => {
    test("is streamed, read back and stored", async () => {
      const ticket = (await (await askTicket(system.headers, plainMetadata(system.unitCode, file))).json()) as {
        id: string;
        upload: { url: string };
      };
      const address = ticket.upload.url;
      const refused = await fetch(address, {
        method: "PUT",
        headers: system.headers,
        body: new Blob([new Uint8Array(file.bytes)]).stream(),
        duplex: "half",
      } as RequestInit);
      expect(await problemOf(refused)).toMatchObject(refusal(411, "length_required"));
      const sent = await fetch(address, {
        method: "PUT",
        headers: { ...system.headers, "content-type": "audio/wav", "content-digest": contentDigest(file.bytes) },
        body: new Uint8Array(file.bytes),
      });
      expect(sent.status).toBe(200);
      expect((await recordingRow(ticket.id)).sha256!.toString("hex")).toBe(file.sha256);
    });

    test("works without a digest and twice at once; a wrong digest is refused", async () => {
      const small = smallAudio();
      const asked = (await (await askTicket(system.headers, plainMetadata(system.unitCode, small))).json()) as {
        id: string;
      };
      expect(
        await problemOf(
          await putContent(system.headers, asked.id, small.bytes, {
            "content-digest": contentDigest(Buffer.from("x")),
          }),
        ),
      ).toMatchObject(refusal(422, "checksum_mismatch"));
      expect(
        await problemOf(
          await putContent(system.headers, asked.id, small.bytes.subarray(9), {
            "content-length": String(small.sizeBytes),
          }),
        ),
      ).toMatchObject(refusal(408, "upload_interrupted"));
      const answers = await Promise.all([
        putContent(system.headers, asked.id, small.bytes),
        putContent(system.headers, asked.id, small.bytes),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(await eventsAbout(asked.id, "recording.stored")).toHaveLength(1);
    });
  });
});
