import { spawn } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { dataKeys, recordings, uploadTickets } from "@/lib/db/schema";
import { readRecording } from "@/lib/recordings/read-recording";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import { sealedSize } from "@/lib/storage/envelope/object-key-wrapper";
import { FACTS_BLOCK_BYTES } from "@/lib/storage/sealed-object";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { endDoubt } from "../../../support/doubtful-dates";
import { audio, audioFolder, smallAudio } from "../../../support/audio-fixtures";
import { job, signedInAs, type SignedIn } from "../../../support/people";
import { bytesOf, grantOf, listen } from "../../../support/playbacks";
import { startPortalServer, type PortalServer } from "../../../support/portal-server";
import { describeS3 } from "../../../support/test-s3";
import {
  askTicket,
  callMetadata,
  complete,
  eventsAbout,
  phoneSystem,
  plainMetadata,
  problemOf,
  putContent,
  recordingRow,
  refusal,
  sendBytes,
  storedRecording,
  type PhoneSystem,
  type Ticket,
} from "../../../support/uploads";
import { sealedStore } from "../../../support/sealed-store";
import { loadTypescript } from "../../../support/load-typescript";

const root = path.resolve(import.meta.dirname, "../../../..");
const header = sealedSize(0) - FACTS_BLOCK_BYTES - 16;
const chunk = 65_536 + 16;
/** The offset of the sealed chunk with this number. */
const at = (index: number) => FACTS_BLOCK_BYTES + header + index * chunk;

await describeS3("recordings sealed in a bucket", (s3) => {
  let bucket: string;
  let server: PortalServer;
  let system: PhoneSystem;
  let dpo: SignedIn;

  beforeAll(async () => {
    bucket = await s3.makeBucket("envelope", { versioned: true });
    const { endpoint, region, credentials, profile, forcePathStyle } = s3.configOf(bucket);
    const { accessKeyId, secretAccessKey } = credentials as { accessKeyId: string; secretAccessKey: string };
    Object.assign(process.env, {
      STORE: "s3",
      S3_PROFILE: profile,
      S3_ENDPOINT: endpoint ?? "",
      S3_REGION: region,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
      S3_FORCE_PATH_STYLE: String(forcePathStyle),
      S3_ENCRYPTION: "none",
      RECORDING_ENCRYPTION: "envelope",
    });
    server = await startPortalServer();
    system = await phoneSystem();
    dpo = await signedInAs("dpo");
  });

  afterAll(() => server?.close());

  /** The provider's view of one object: bytes and type. */
  async function inBucket(
    Key: string,
    VersionId?: string,
  ): Promise<{ bytes: Buffer; contentType: string | undefined }> {
    const answer = await s3.client.send(new GetObjectCommand({ Bucket: bucket, Key, VersionId }));
    return { bytes: Buffer.from(await answer.Body!.transformToByteArray()), contentType: answer.ContentType };
  }

  const play = async (recordingId: string) => listen(dpo.cookie, (await grantOf(dpo, recordingId)).url);

  async function expectSealed(recordingId: string, plain: Buffer): Promise<void> {
    const { objectKey, encryption } = await recordingRow(recordingId);
    const { bytes, contentType } = await inBucket(objectKey!);
    expect([bytes.length, contentType, bytes.subarray(0, 8).toString()]).toEqual([
      sealedSize(plain.length),
      "application/octet-stream",
      "CUSTOBJ1",
    ]);
    for (const mark of ["WAVEfmt ", "OpusHead", "OpusTags", "audio/"]) expect(bytes.includes(mark), mark).toBe(false);
    for (let start = 0; start + 16 <= plain.length; start += 8192)
      expect(bytes.includes(plain.subarray(start, start + 16)), `plain bytes from ${start}`).toBe(false);
    expect(encryption).toEqual({ algorithm: "custodia:aes256-gcm", keyId: "k1" });
    expect((await eventsAbout(recordingId, "recording.stored"))[0]!.details).toMatchObject({
      encryption: "custodia:aes256-gcm",
      keyId: "k1",
    });
    expect((await readRecording(await dpo.context(), { recordingId })).encryption).toEqual({
      algorithm: "envelope",
      keyName: "k1",
    });
    expect((await bytesOf(await play(recordingId))).equals(plain)).toBe(true);
  }

  describe("nothing of the audio is in the bucket", () => {
    test("after the import command", async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "custodia-import-"));
      const names = ["call-03-wav-alaw-mono.wav", "call-17-mp3-stereo.mp3", "call-24-ogg-opus-mono.opus"];
      await Promise.all(names.map((name) => copyFile(path.join(audioFolder, name), path.join(folder, name))));
      const source = "import-envelope";
      await writeFile(
        path.join(folder, "manifest.json"),
        JSON.stringify(
          names.map((file) => ({
            file,
            sourceCallId: file,
            unit: system.unitCode,
            direction: "inbound",
            startedAt: new Date(Date.now() - 86_400_000).toISOString(),
            source,
          })),
        ),
      );
      const child = spawn(
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
        { cwd: root, env: { ...process.env, CUSTODIA_API_KEY: system.apiKey }, stdio: ["ignore", "ignore", "inherit"] },
      );
      expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
      for (const name of names) {
        const [row] = await database()
          .select({ id: recordings.id })
          .from(recordings)
          .where(eq(recordings.sourceCallId, name));
        await expectSealed(row!.id, audio(name).bytes);
      }
      await rm(folder, { recursive: true });
    });

    test("after a PUT through the portal", async () => {
      const file = audio("call-04-wav-pcm-mono.wav");
      const { id } = (await (await askTicket(system.headers, plainMetadata(system.unitCode, file))).json()) as Ticket;
      expect((await putContent(system.headers, id, file.bytes)).status).toBe(200);
      await expectSealed(id, file.bytes);
    });

    test("after a PUT by link: the link leads to the portal, checks like the store, and offers no parts", async () => {
      const file = audio("call-05-wav-pcm-mono.wav");
      const ticket = (await (
        await askTicket(system.headers, callMetadata(system.unitCode, file, { multipart: true }))
      ).json()) as Ticket;
      expect([new URL(ticket.upload!.url).origin, ticket.upload!.method]).toEqual([server.origin, "PUT"]);
      const altered = Buffer.from(file.bytes);
      altered[5000]! ^= 1;
      expect(await problemOf(await sendBytes(ticket, altered))).toMatchObject({
        status: 422,
        code: "checksum_mismatch",
      });
      expect(await problemOf(await complete(system.headers, ticket.id))).toMatchObject(refusal(409, "not_uploaded"));
      expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
      expect((await sendBytes(ticket, file.bytes)).status).toBe(412);
      expect((await complete(system.headers, ticket.id)).status).toBe(200);
      await expectSealed(ticket.id, file.bytes);
    });
  });

  describe("altered by the provider, which reports the same object", () => {
    const file = audio("call-35-ogg-opus-stereo.opus");
    let recordingId: string;
    let original: Buffer;
    let other: Buffer;
    let objectKey: string;

    beforeAll(async () => {
      recordingId = await storedRecording(system, file);
      objectKey = (await recordingRow(recordingId)).objectKey!;
      original = (await inBucket(objectKey)).bytes;
      other = (await inBucket((await recordingRow(await storedRecording(system, file))).objectKey!)).bytes;
    });

    const flip = (position: (bytes: Buffer) => number) => (bytes: Buffer) => {
      const changed = Buffer.from(bytes);
      changed[position(bytes)]! ^= 1;
      return changed;
    };
    const exchanged = (bytes: Buffer) =>
      Buffer.concat([
        bytes.subarray(0, at(1)),
        bytes.subarray(at(2), at(3)),
        bytes.subarray(at(1), at(2)),
        bytes.subarray(at(3)),
      ]);

    /** Puts other bytes under the key and records their version and ETag, as if those had not changed. */
    async function serve(bytes: Buffer): Promise<void> {
      const { VersionId, ETag } = await s3.client.send(
        new PutObjectCommand({ Bucket: bucket, Key: objectKey, Body: bytes, ContentType: "application/octet-stream" }),
      );
      await database()
        .update(recordings)
        .set({ objectVersionId: VersionId, objectEtag: ETag!.replaceAll('"', "") })
        .where(eq(recordings.id, recordingId));
    }

    test.each<[string, (bytes: Buffer) => Buffer]>([
      ["one bit of the facts", flip(() => 100)],
      ["one bit of the header", flip(() => FACTS_BLOCK_BYTES + 30)],
      ["one bit of the first chunk", flip(() => at(0) + 5)],
      ["one bit in the middle", flip(() => at(2) + 777)],
      ["the very last bit", flip((bytes) => bytes.length - 1)],
      ["one byte cut off", (bytes) => bytes.subarray(0, -1)],
      ["cut between two chunks", (bytes) => bytes.subarray(0, at(2))],
      ["one byte appended", (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])],
      ["a chunk appended", (bytes) => Buffer.concat([bytes, bytes.subarray(at(1), at(2))])],
      ["a chunk left out", (bytes) => Buffer.concat([bytes.subarray(0, at(1)), bytes.subarray(at(2))])],
      ["two chunks exchanged", exchanged],
      [
        "a chunk of another recording",
        (bytes) => Buffer.concat([bytes.subarray(0, at(1)), other.subarray(at(1), at(2)), bytes.subarray(at(2))]),
      ],
      ["another recording in its place", () => other],
      ["audio in clear in its place", () => file.bytes],
    ])("%s: refused as damage, with an event, and no foreign byte is sent", async (_, alter) => {
      await serve(alter(original));
      const { grantId, url } = await grantOf(dpo, recordingId);
      const received: Buffer[] = [];
      const answered = await listen(dpo.cookie, url);
      if (answered.ok) await expect(collect(answered, received)).rejects.toThrow();
      else expect(await problemOf(answered)).toMatchObject(refusal(500, "recording_damaged"));
      const before = Buffer.concat(received);
      expect(before.equals(file.bytes.subarray(0, before.length))).toBe(true);
      expect(await problemOf(await listen(dpo.cookie, url, { range: "bytes=0-0" }))).toMatchObject(
        refusal(500, "recording_damaged"),
      );
      const events = (await eventsAbout(recordingId, "recording.playback_refused")).filter(
        ({ details }) => details.grantId === grantId,
      );
      expect(events).toMatchObject([{ outcome: "failure", details: { code: "integrity" } }]);
    });

    async function collect(answered: Response, into: Buffer[]): Promise<void> {
      for await (const piece of answered.body!) into.push(Buffer.from(piece));
    }

    test("plays when put back; plays the version in custody when a later one exists", async () => {
      await serve(original);
      await s3.client.send(
        new PutObjectCommand({ Bucket: bucket, Key: objectKey, Body: other, ContentType: "application/octet-stream" }),
      );
      expect((await bytesOf(await play(recordingId))).equals(file.bytes)).toBe(true);
    });
  });

  test("the deletion destroys the key: no copy or backup of the bucket can be read", async () => {
    const file = smallAudio();
    const recordingId = await storedRecording(system, file, {
      startedAt: new Date(Date.now() - 200 * 86_400_000).toISOString(),
    });
    const { objectKey } = await recordingRow(recordingId);
    const key = objectKey!;
    const { bytes } = await inBucket(key);
    const backup = await s3.makeBucket("envelope-backup", { versioned: false });
    await s3.client.send(
      new PutObjectCommand({ Bucket: backup, Key: key, Body: bytes, ContentType: "application/octet-stream" }),
    );
    const forgotten = sealedStore(
      createObjectStore({ ...s3.configOf(backup), encryption: { kind: "none" } }),
      "recordings/",
    );
    const whole = { start: 0, endInclusive: file.sizeBytes - 1 };
    const { stream } = await forgotten.readRange(key, whole);
    expect(Buffer.from(await new Response(stream).arrayBuffer()).equals(file.bytes), "while the key is there").toBe(
      true,
    );

    await database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - interval '2 hours'` })
      .where(eq(uploadTickets.recordingId, recordingId));
    await endDoubt(recordingId);
    expect(
      await runRetention(job("retention"), { stores: configuredStores(), signal: AbortSignal.timeout(30_000) }),
    ).toMatchObject({
      deleted: 1,
      remaining: 0,
    });
    expect((await eventsAbout(recordingId, "recording.deleted"))[0]!.details).toMatchObject({
      dataKeysDestroyed: 1,
      versionsDeleted: 1,
    });
    expect(await database().select().from(dataKeys).where(eq(dataKeys.objectKey, key))).toEqual([]);

    await expect(forgotten.readRange(key, whole)).rejects.toMatchObject({ code: "key_missing" });
    await s3.client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: "application/octet-stream" }),
    );
    await expect(configuredStore().readRange(key, whole)).rejects.toMatchObject({ code: "key_missing" });
    await expect(configuredStore().head(key)).rejects.toMatchObject({ code: "key_missing" });
  });
});
