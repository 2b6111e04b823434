import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { newId } from "@/lib/core/new-id";
import { verifyUpload } from "@/lib/uploads/upload-verdict";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { smallAudio } from "../../support/audio-fixtures";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy";
import { describeS3 } from "../../support/test-s3";

const audio = smallAudio();
const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest();

await describeS3("an upload whose hash the store verified", ({ configOf, makeBucket }) => {
  let proxy: FaultProxy;
  let store: ObjectStore;
  let key: string;

  beforeAll(async () => {
    const config = configOf(await makeBucket("vouched", { versioned: true }));
    proxy = await startFaultProxy(config.endpoint ?? `https://s3.${config.region}.amazonaws.com`);
    store = createObjectStore({ ...config, endpoint: proxy.endpoint, attempts: 1 });
  });
  beforeEach(() => {
    key = `recordings/${newId()}`;
    proxy.choose = null;
  });
  afterAll(() => proxy.close());

  const damageReadings = () => {
    proxy.choose = async (address) => (address.includes(key) ? "flip-answer" : null);
  };

  /** Sends by a link as a phone system does. Returns the ETag of the response. */
  async function sent(bytes: Buffer): Promise<string> {
    const link = await store.signUpload({
      key,
      contentType: audio.contentType,
      sizeBytes: bytes.length,
      sha256: hashOf(bytes).toString("hex"),
      expiresInSeconds: 60,
    });
    const answer = await fetch(link.url, { method: "PUT", headers: link.headers, body: new Uint8Array(bytes) });
    expect(answer.status).toBe(200);
    return answer.headers.get("etag")!.replaceAll('"', "");
  }

  /** Ceph reports it from 20.2 on. */
  const isReported = async () => (await store.head(key))!.sha256 !== null;

  const verdict = (bytes: Buffer, etag: string | null, sha256: Buffer | null = hashOf(bytes)) =>
    verifyUpload(store, { objectKey: key, contentType: audio.contentType, sizeBytes: bytes.length, sha256, etag });
  const verified = { kind: "verified", sha256: hashOf(audio.bytes) };

  it("is not read back when the sender names its ETag", async (context) => {
    const etag = await sent(audio.bytes);
    if (!store.capabilities.sha256Verified) return context.skip();
    damageReadings();
    expect(await verdict(audio.bytes, etag)).toMatchObject(verified);
  });

  it.each([
    ["none is told", null],
    ["another one is told", "0123456789abcdef0123456789abcdef"],
  ])("is read back when %s", async (_what, told) => {
    await sent(audio.bytes);
    damageReadings();
    if (await isReported()) return expect(await verdict(audio.bytes, told)).toMatchObject(verified);
    await expect(verdict(audio.bytes, told)).rejects.toMatchObject({ code: "store_unavailable" });
    proxy.choose = null;
    expect(await verdict(audio.bytes, told)).toMatchObject(verified);
  });

  it("is detected when somebody else replaced it", async () => {
    const etag = await sent(audio.bytes);
    const other = Buffer.from(audio.bytes);
    other[5_000]! ^= 1;
    await store.put(key, other, { contentType: audio.contentType, ifNoneMatch: null });
    expect(await verdict(audio.bytes, etag)).toMatchObject({ kind: "wrong", code: "checksum_mismatch" });
  });

  it("is still rejected when it is no audio", async () => {
    const page = Buffer.from("<html>".padEnd(2_000));
    const etag = await sent(page);
    expect(await verdict(page, etag)).toMatchObject({ kind: "wrong", code: "not_audio" });
  });

  it("is not trusted for a SHA-256 that nobody announced", async (context) => {
    const etag = await sent(audio.bytes);
    if (await isReported()) return context.skip();
    damageReadings();
    await expect(verdict(audio.bytes, etag, null)).rejects.toMatchObject({ code: "store_unavailable" });
  });
});
