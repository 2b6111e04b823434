import { describe, expect, it, vi } from "vitest";
import { checkStore } from "@/lib/storage-checks/check-store";
import { applyProvision, planProvision } from "@/lib/storage-checks/provision/provision-plan";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { measuredSupabase, supabaseServers, type TestSupabase } from "../../support/supabase/test-supabase";

// Many parallel checks of many requests each.
vi.setConfig({ testTimeout: 180_000 });

const portalOrigin = "https://portal.example";
const check = async (config: SupabaseStoreConfig) =>
  checkStore({ store: createObjectStore(config), bucket: config, portalOrigin });
const failing = (results: Awaited<ReturnType<typeof check>>) =>
  results
    .filter(({ outcome }) => outcome === "fails" || outcome === "unknown")
    .map(({ control }) => control)
    .sort();

async function provisioned(server: TestSupabase): Promise<SupabaseStoreConfig> {
  const config = server.newConfig();
  await applyProvision(await planProvision(config, portalOrigin));
  return config;
}

describe.concurrent.each(supabaseServers())("the check of Supabase Storage, %s", (_name, open) => {
  it("passes for a provisioned bucket, names what it lacks, and leaves nothing behind", async () => {
    const server = await open();
    const config = await provisioned(server);
    const results = await check(config);
    expect(failing(results)).toEqual([]);
    const of = (outcome: string) =>
      results.filter((result) => result.outcome === outcome).map(({ control }) => control);
    expect(of("holds").sort()).toEqual([
      "anonymous_list_refused",
      "anonymous_read_refused",
      "anonymous_write_refused",
      "another_key_refused",
      "check_cleans_up",
      "declared_type_enforced",
      "declared_types",
      "deletion_leaves_nothing",
      "expired_link_refused",
      "old_link_harmless",
      "private_bucket",
      "range_read",
      "size_limit",
      "size_limit_enforced",
      "tampered_link_refused",
      "upload_by_link",
    ]);
    expect(of("unsupported")).toEqual(
      expect.arrayContaining([
        "wrong_content_refused",
        "encryption_reported",
        "versions_kept",
        "upload_in_parts",
        "legal_hold_prevents_deletion",
        "versioning",
        "object_lock",
        "lifecycle_by_age",
      ]),
    );
    const { data: left } = await server.buckets.from(config.bucket).listV2({ prefix: "custodia-check/" });
    expect(left!.objects).toEqual([]);
    await server.close();
  });

  it.each<[string, Parameters<TestSupabase["buckets"]["updateBucket"]>[1], string[]]>([
    ["is open to all", { public: true }, ["anonymous_read_refused", "private_bucket"]],
    ["takes what is larger", { public: false, fileSizeLimit: 2 * 1024 ** 2 }, ["size_limit", "size_limit_enforced"]],
    [
      "takes pages",
      { public: false, allowedMimeTypes: ["audio/*", "audio/wav", "text/html"] },
      ["declared_type_enforced", "declared_types"],
    ],
  ])("notices a bucket that %s, and nothing else", async (_what, change, controls) => {
    const server = await open();
    const config = await provisioned(server);
    await server.buckets.updateBucket(config.bucket, change);
    expect(failing(await check(config))).toEqual(controls);
    await server.close();
  });
});

describe.concurrent("the check of a Supabase Storage that breaks its own rules", () => {
  it("notices links that never expire and are valid for every path", async () => {
    const server = await measuredSupabase();
    const config = await provisioned(server);
    server.edge!.intercept = (incoming) => {
      const path = /\/object\/sign\/([^?]+)\?/.exec(incoming.url!)?.[1];
      if (incoming.method === "GET" && path)
        incoming.url = `/storage/v1/object/sign/${path}?token=${server.edge!.tokens.sign({ url: path }, 60)}`;
      return false;
    };
    expect(failing(await check(config))).toEqual(["expired_link_refused", "tampered_link_refused"]);
    await server.close();
  });

  it("notices that every service key is accepted", async () => {
    const server = await measuredSupabase();
    const config = await provisioned(server);
    server.edge!.intercept = (incoming) => {
      if (incoming.headers.apikey) incoming.headers.authorization = `Bearer ${config.serviceKey}`;
      return false;
    };
    expect(failing(await check(config))).toEqual(["another_key_refused"]);
    await server.close();
  });

  it.each(["anonKey", "expiredServiceKey"] as const)(
    "proves nothing with the %s, for which everything looks missing",
    async (key) => {
      const server = await measuredSupabase();
      const config = await provisioned(server);
      const results = await check({ ...config, serviceKey: server.edge![key] });
      expect(results.filter(({ outcome }) => outcome === "holds")).toEqual([]);
      await server.close();
    },
  );

  it("does not count the refusals of an endpoint that refuses everything", async () => {
    const server = await measuredSupabase();
    const config = await provisioned(server);
    server.edge!.intercept = (incoming, outgoing) =>
      incoming.url!.includes("/object/") &&
      (outgoing
        .writeHead(403, { "content-type": "application/json" })
        .end('{"statusCode":"403","code":"AccessDenied","message":"no"}'),
      true);
    const results = await check(config);
    expect(results.filter(({ control, outcome }) => outcome === "holds" && control.endsWith("_refused"))).toEqual([]);
    expect(failing(results)).toEqual(
      expect.arrayContaining([
        "anonymous_read_refused",
        "expired_link_refused",
        "tampered_link_refused",
        "another_key_refused",
      ]),
    );
    await server.close();
  });
});
