import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { SupabaseEdge } from "./edge-server";

/** A server of Supabase Storage that tests may fill with buckets of their own, all of which `close` takes away. */
export interface TestSupabase {
  name: string;
  /** Null where the server is a real one. */
  edge: SupabaseEdge | null;
  /** Of a bucket that is not there yet. */
  newConfig(change?: Partial<SupabaseStoreConfig>): SupabaseStoreConfig;
  /** Past our own code, as somebody at the dashboard would. */
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

/** One that behaves as the real one was measured to. */
export async function measuredSupabase(): Promise<TestSupabase> {
  const edge = await SupabaseEdge.start();
  return supabaseAt("answered as measured", edge.url, edge.serviceKey, edge);
}

/** How to open each server that is there: the measured one, and the live one of `TEST_SUPABASE_*`. */
export function supabaseServers(): Array<[string, () => Promise<TestSupabase>]> {
  const { TEST_SUPABASE_URL: url, TEST_SUPABASE_SERVICE_KEY: key } = process.env;
  const live = async () => supabaseAt("live", url!, key!, null);
  return [
    ["answered as measured", measuredSupabase],
    ...(url && key ? [["the live server of TEST_SUPABASE_URL", live] as [string, typeof live]] : []),
  ];
}
