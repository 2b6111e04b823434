import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifyFinalObject } from "@/lib/uploads/final-verdict";
import { parseByteRange } from "@/lib/http/bytes/byte-range";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { smallAudio } from "../../support/audio-fixtures";
import { SupabaseEdge } from "../../support/supabase/edge-server";

const audio = smallAudio();
const page = Buffer.from("<html>".padEnd(2_000));
const key = "recordings/1";

let edge: SupabaseEdge;
let store: ObjectStore;
/** For each reading of the object, the byte in which a bit flips in transit; null or the end of the list: none. */
let damages: Array<number | null>;
let readings: number;

beforeAll(async () => {
  edge = await SupabaseEdge.start();
});
beforeEach(() => {
  edge.bucket("recordings");
  store = createObjectStore({
    kind: "supabase",
    url: edge.url,
    serviceKey: edge.serviceKey,
    bucket: "recordings",
    maxUploadBytes: 1024 ** 3,
  });
  readings = 0;
  edge.intercept = (incoming, outgoing) => {
    if (!incoming.url!.includes("/object/authenticated/")) return false;
    const at = damages[readings++] ?? null;
    if (at === null) return false;
    const { bytes, etag } = edge.buckets.get("recordings")!.objects.get(key)!;
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 1;
    const { start, endInclusive } = parseByteRange(incoming.headers.range!, bytes.length) as {
      start: number;
      endInclusive: number;
    };
    outgoing.writeHead(206, {
      "content-range": `bytes ${start}-${endInclusive}/${bytes.length}`,
      "content-type": "audio/wav",
      etag,
    });
    outgoing.end(damaged.subarray(start, endInclusive + 1));
    return true;
  };
});
afterAll(() => edge.close());

async function verdictOn(bytes: Buffer, sha256: Buffer | null) {
  await store.put(key, bytes, { contentType: audio.contentType, ifNoneMatch: "*" });
  return verifyFinalObject(store, {
    objectKey: key,
    promotedKey: null,
    contentType: audio.contentType,
    sizeBytes: bytes.length,
    sha256,
  });
}

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest();
const right = hashOf(audio.bytes);
const [noAudioAtAll, late, later] = [0, 5_000, 6_000];

describe("a flipped bit in the portal's own reading", () => {
  test.each<[string, Buffer | null, Array<number | null>]>([
    ["of the whole", right, [late]],
    ["of the beginning, by which audio is known", right, [null, noAudioAtAll]],
    ["of both", right, [late, null, noAudioAtAll]],
  ])("%s: the object is read again and verified", async (_what, promised, each) => {
    damages = each;
    expect(await verdictOn(audio.bytes, promised)).toMatchObject({ kind: "verified", sha256: right });
  });

  test("in each of two readings, differently: neither verified nor rejected; the next try decides", async () => {
    damages = [late, later];
    await expect(verdictOn(audio.bytes, right)).rejects.toMatchObject({ code: "store_unavailable" });
    expect(edge.buckets.get("recordings")!.objects.has(key)).toBe(true);
    await store.deleteAllVersions(key);
    expect(await verdictOn(audio.bytes, right)).toMatchObject({ kind: "verified" });
  });

  test.each([[[late]], [[null, late]]])(
    "is not stored as the hash of an upload without an announced hash (%j)",
    async (each) => {
      damages = each;
      await expect(verdictOn(audio.bytes, null)).rejects.toMatchObject({ code: "store_unavailable" });
      await store.deleteAllVersions(key);
      expect(await verdictOn(audio.bytes, null)).toMatchObject({ kind: "verified", sha256: right });
    },
  );
});

test.each([
  ["another content", audio.bytes, hashOf(page), "checksum_mismatch"],
  ["no audio", page, hashOf(page), "not_audio"],
] as const)("%s is rejected after two equal readings", async (_what, bytes, promised, code) => {
  damages = [];
  expect(await verdictOn(bytes, promised)).toMatchObject({ kind: "wrong", code });
  expect(readings).toBeGreaterThanOrEqual(2);
});

test("correct content is read once", async () => {
  damages = [];
  await verdictOn(audio.bytes, right);
  expect(readings).toBeLessThanOrEqual(2);
});
