import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { newId } from "@/lib/new-id";
import { verifyUpload } from "@/lib/recordings/verify-upload";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { smallAudio } from "../../support/audio-fixtures";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy";
import { describeS3 } from "../../support/test-s3";

const audio = smallAudio();
const hashOf = (algorithm: "sha256" | "md5", bytes: Buffer) => createHash(algorithm).update(bytes).digest();
const [sha256, md5] = [hashOf("sha256", audio.bytes), hashOf("md5", audio.bytes)];

await describeS3("an upload that the store vouches for", ({ configOf, makeBucket }) => {
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

  /** Sent by a link, as a phone system does; then each reading of it has another bit turned over. */
  async function verdictOn(bytes: Buffer, promised: { sha256: Buffer; md5: Buffer | null }, disturb = damageReadings) {
    const link = await store.signUpload({ key, contentType: audio.contentType, sizeBytes: bytes.length, sha256: hashOf("sha256", bytes).toString("hex"), expiresInSeconds: 60 });
    expect((await fetch(link.url, { method: "PUT", headers: link.headers, body: new Uint8Array(bytes) })).status).toBe(200);
    disturb();
    return verifyUpload(store, { objectKey: key, contentType: audio.contentType, sizeBytes: bytes.length, ...promised });
  }

  it("with the MD5 that it computed itself is not read back", async (context) => {
    if (!store.capabilities.md5Reported) return context.skip();
    expect(await verdictOn(audio.bytes, { sha256, md5 })).toMatchObject({ kind: "verified", sha256 });
  });

  it.each([["none was told", null], ["another one was told", hashOf("md5", Buffer.from("another"))]])("is read back when %s", async (_what, told) => {
    if (store.capabilities.sha256Reported) return expect(await verdictOn(audio.bytes, { sha256, md5: told })).toMatchObject({ kind: "verified" });
    await expect(verdictOn(audio.bytes, { sha256, md5: told })).rejects.toMatchObject({ code: "store_unavailable" });
    proxy.choose = null;
    expect(await verifyUpload(store, { objectKey: key, contentType: audio.contentType, sizeBytes: audio.sizeBytes, sha256, md5: told })).toMatchObject({ kind: "verified", sha256 });
  });

  it("is rejected all the same when it is no audio", async () => {
    const page = Buffer.from("<html>".padEnd(2_000));
    expect(await verdictOn(page, { sha256: hashOf("sha256", page), md5: hashOf("md5", page) }, () => undefined)).toMatchObject({ kind: "wrong", code: "not_audio" });
  });

  it("is not believed for a SHA-256 that nobody promised", async (context) => {
    if (store.capabilities.sha256Reported) return context.skip();
    await store.put(key, audio.bytes, { contentType: audio.contentType, ifNoneMatch: null });
    damageReadings();
    await expect(verifyUpload(store, { objectKey: key, contentType: audio.contentType, sizeBytes: null, sha256: null, md5 })).rejects.toMatchObject({ code: "store_unavailable" });
  });
});
