import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyProvision, planProvision } from "@/lib/storage-checks/provision/provision-plan";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { measuredSupabase, supabaseServers, type TestSupabase } from "../../support/supabase/test-supabase";

const plan = (config: SupabaseStoreConfig) => planProvision(config, "https://portal.example");
const changes = async (config: SupabaseStoreConfig) =>
  (await plan(config)).filter(({ state }) => state === "change").map(({ control, found }) => [control, found]);

describe.each(supabaseServers())("a bucket of Supabase Storage, %s", (_name, open) => {
  let server: TestSupabase;
  beforeAll(async () => {
    server = await open();
  });
  afterAll(() => server.close());

  it("is created private and with limits, once; a plan only shows it", async () => {
    const config = server.newConfig();
    const steps = await plan(config);
    expect(await changes(config)).toEqual([
      ["bucket", "missing"],
      ["private_bucket", "–"],
      ["size_limit", "none"],
      ["declared_types", "any"],
    ]);
    expect((await server.buckets.getBucket(config.bucket)).data).toBeNull();
    await applyProvision(steps);
    const made = (await server.buckets.getBucket(config.bucket)).data!;
    expect(made).toMatchObject({
      public: false,
      file_size_limit: 1024 ** 2,
      allowed_mime_types: expect.arrayContaining(["audio/wav", "application/json", "application/octet-stream"]),
    });
    expect(await changes(config)).toEqual([]);
    for (const { control, state, wanted } of await plan(config))
      if (state === "cannot") expect(wanted, control).toMatch(/^Supabase Storage /);
  });

  it("is repaired where it was changed: a public one becomes private again", async () => {
    const config = server.newConfig();
    await applyProvision(await plan(config));
    await server.buckets.updateBucket(config.bucket, {
      public: true,
      fileSizeLimit: 2048,
      allowedMimeTypes: ["audio/wav", "text/html"],
    });
    expect(await changes(config)).toEqual([
      ["private_bucket", "public"],
      ["size_limit", "2048 bytes"],
      ["declared_types", "audio/wav, text/html"],
    ]);
    await applyProvision(await plan(config));
    expect(await changes(config)).toEqual([]);
  });
});

describe("a key without the right to provision", () => {
  it("is refused, and makes no second bucket", async () => {
    const server = await measuredSupabase();
    const edge = server.edge!;
    for (const serviceKey of [edge.anonKey, edge.expiredServiceKey]) {
      const config = server.newConfig({ serviceKey });
      await expect(plan(config).then(applyProvision)).rejects.toMatchObject({ name: "StoreError", code: "forbidden" });
      expect(edge.buckets.has(config.bucket)).toBe(false);
    }
    await server.close();
  });

  it("is told what to do where the project's own limit is lower", async () => {
    const server = await measuredSupabase();
    server.edge!.intercept = (incoming, outgoing) =>
      incoming.method === "POST" &&
      incoming.url!.endsWith("/bucket") &&
      (outgoing.writeHead(400).end('{"statusCode":"413","code":"EntityTooLarge","message":"too large"}'), true);
    await expect(plan(server.newConfig()).then(applyProvision)).rejects.toMatchObject({
      code: "too_large",
      message: expect.stringContaining("SUPABASE_MAX_UPLOAD_BYTES"),
    });
    await server.close();
  });
});
