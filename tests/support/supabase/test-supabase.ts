import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { SupabaseEdge } from "./edge-server";

/** A Supabase Storage server in which tests may create buckets. `close` removes them all. */
export interface TestSupabase {
  name: string;
  /** Null if the server is a real one. */
  edge: SupabaseEdge | null;
  /** The configuration of a bucket that does not exist yet. */
  newConfig(change?: Partial<SupabaseStoreConfig>): SupabaseStoreConfig;
  /** Direct access past our own code, as from the dashboard. */
  buckets: ReturnType<typeof createClient>["storage"];
  close(): Promise<void>;
}

function supabaseAt(name: string, url: string, serviceKey: string, edge: SupabaseEdge | null): TestSupabase {
  const { storage: buckets } = createClient(url, serviceKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const made: string[] = [];
  const newConfig: TestSupabase["newConfig"] = (change = {}) => {
    made.push(`custodia-test-${randomUUID()}`);
    return { kind: "supabase", url, serviceKey, bucket: made.at(-1)!, maxUploadBytes: 1024 ** 2, ...change };
  };
  async function close() {
    if (edge) return edge.close();
    for (const bucket of made) await buckets.emptyBucket(bucket).then(() => buckets.deleteBucket(bucket));
  }
  return { name, edge, newConfig, buckets, close };
}

/** A fake with the measured behaviour of the real server. */
export async function measuredSupabase(): Promise<TestSupabase> {
  const edge = await SupabaseEdge.start();
  return supabaseAt("answered as measured", edge.url, edge.serviceKey, edge);
}

/** How to open each available server: the fake, and the live one of `TEST_SUPABASE_*`. */
export function supabaseServers(): Array<[string, () => Promise<TestSupabase>]> {
  const { TEST_SUPABASE_URL: url, TEST_SUPABASE_SERVICE_KEY: key } = process.env;
  const live = async () => supabaseAt("live", url!, key!, null);
  return [
    ["answered as measured", measuredSupabase],
    ...(url && key ? [["the live server of TEST_SUPABASE_URL", live] as [string, typeof live]] : []),
  ];
}
