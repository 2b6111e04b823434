import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readAll } from "@/lib/storage/byte-streams";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { startFaultProxy, type FaultProxy } from "../../support/fault-proxy";
import { describeS3 } from "../../support/test-s3";

await describeS3("a store that answers in drips", ({ configOf, makeBucket }) => {
  const bytes = randomBytes(400_000);
  const options = { contentType: "audio/wav", ifNoneMatch: null };
  let proxy: FaultProxy;
  let store: ObjectStore;

  beforeAll(async () => {
    const config = configOf(await makeBucket("drip", { versioned: true }));
    proxy = await startFaultProxy(config.endpoint ?? `https://s3.${config.region}.amazonaws.com`);
    store = createObjectStore({ ...config, endpoint: proxy.endpoint, attempts: 1, idleTimeoutMs: 1_000 });
    await store.put("k/drip", bytes, options);
  });
  beforeEach(() => {
    proxy.choose = async () => "drip";
  });
  afterAll(() => proxy.close());

  const read = async () =>
    readAll((await store.readRange("k/drip", { start: 0, endInclusive: bytes.length - 1 })).stream);

  test("is read to the end when no pause exceeds the time limit, even if the whole answer does", async () => {
    proxy.dripMs = 200;
    expect((await read()).equals(bytes)).toBe(true);
  });

  test("is abandoned with a retryable error when a pause exceeds the time limit", async () => {
    proxy.dripMs = 3_000;
    await expect(read()).rejects.toMatchObject({ retryable: true });
  });

  test("answers a question that hung once: it is asked again, over a new connection", async () => {
    const seen: string[] = [];
    proxy.choose = async (address) => (seen.push(address), seen.length % 2 === 1 ? "hang" : null);
    expect(await store.head("k/drip")).toMatchObject({ sizeBytes: bytes.length });
    expect((await store.list({ prefix: "k/drip", limit: 1 })).objects).toMatchObject([{ key: "k/drip" }]);
    expect(seen).toHaveLength(4);
  });

  test("is abandoned when it takes a body and never answers; a retry stores the object", async () => {
    proxy.choose = async () => "hang";
    await expect(store.put("k/sent", bytes, { ...options, ifNoneMatch: null })).rejects.toMatchObject({
      retryable: true,
    });
    proxy.choose = null;
    expect((await store.put("k/sent", bytes, options)).sizeBytes).toBe(bytes.length);
  });
});
