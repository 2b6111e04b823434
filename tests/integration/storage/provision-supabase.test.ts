import { afterAll, beforeAll, expect, test } from "vitest";
import { provisionSupabase } from "@/lib/storage/supabase/provision-supabase";
import { SupabaseEdge } from "../../support/supabase/edge-server";

let edge: SupabaseEdge;

beforeAll(async () => {
  edge = await SupabaseEdge.start();
});
afterAll(() => edge.close());

const config = (bucket: string, serviceKey = edge.serviceKey) => ({ kind: "supabase" as const, url: edge.url, serviceKey, bucket });
const options = { maxObjectBytes: 1_000_000, dryRun: false };

test("makes the bucket private and limited, once; a dry run only says so", async () => {
  const planned = await provisionSupabase(config("fresh"), { ...options, dryRun: true });
  expect(planned.map(({ setting, found }) => [setting, found])).toEqual([["public", null], ["fileSizeLimit", null], ["allowedMimeTypes", null]]);
  expect(edge.buckets.has("fresh")).toBe(false);
  expect(await provisionSupabase(config("fresh"), options)).toEqual(planned);
  expect(edge.buckets.get("fresh")!.limits).toMatchObject({ public: false, file_size_limit: 1_000_000, allowed_mime_types: expect.arrayContaining(["audio/wav", "application/json"]) });
  expect(await provisionSupabase(config("fresh"), options)).toEqual([]);
});

test("repairs what somebody changed: a public bucket is private again", async () => {
  await provisionSupabase(config("drifted"), options);
  Object.assign(edge.buckets.get("drifted")!.limits, { public: true, file_size_limit: null });
  expect((await provisionSupabase(config("drifted"), options)).map(({ setting, found }) => [setting, found])).toEqual([["public", "true"], ["fileSizeLimit", "null"]]);
  expect(edge.buckets.get("drifted")!.limits).toMatchObject({ public: false, file_size_limit: 1_000_000 });
});

test("a key that may not is refused, and does not make a second bucket", async () => {
  await expect(provisionSupabase(config("another", edge.anonKey), options)).rejects.toMatchObject({ code: "forbidden" });
  await expect(provisionSupabase(config("fresh", edge.expiredServiceKey), options)).rejects.toMatchObject({ name: "StoreError" });
  expect(edge.buckets.has("another")).toBe(false);
});
