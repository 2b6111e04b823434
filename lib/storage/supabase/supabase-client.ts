import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { assertSecureEndpoint } from "@/lib/storage/secure-endpoint";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";
import { toSupabaseStoreError } from "@/lib/storage/supabase/supabase-error";
import { answerTimeoutMs, fetchTwice, fetchWithLimits } from "@/lib/storage/supabase/supabase-fetch";

/** One bucket of a Supabase project. `get` bypasses Supabase's client, which hides the headers of a response. */
export type SupabaseBucket = {
  bucket: string;
  buckets: SupabaseClient["storage"];
  files: ReturnType<SupabaseClient["storage"]["from"]>;
  /**
   * A GET with the service key, for a path below `/storage/v1`, by `askTwice` until the headers of the answer are
   * there. Its body has no time limit.
   */
  get: (path: string, headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;
};

/**
 * Creates the client of a store. The service key bypasses row-level security, so it is never logged or returned.
 * @throws StoreError `invalid_request` for an address without TLS (except loopback), or on Node.js before 22, where the
 * client does not start.
 */
export function openSupabaseBucket({ url, serviceKey, bucket }: SupabaseStoreConfig): SupabaseBucket {
  const address = assertSecureEndpoint(url, "The address of the Supabase project");
  if (typeof WebSocket === "undefined")
    throw new StoreError("invalid_request", "Supabase Storage needs Node.js 22 or newer.");
  const base = address.href.replace(/\/$/, "");
  const { storage } = createClient(base, serviceKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: fetchWithLimits },
  });
  const authorization = { apikey: serviceKey, authorization: `Bearer ${serviceKey}` };
  const get: SupabaseBucket["get"] = (path, headers, signal) =>
    fetchTwice(
      `${base}/storage/v1/${path}`,
      { headers: { ...headers, ...authorization }, redirect: "error", cache: "no-store", signal },
      answerTimeoutMs,
    );
  return { bucket, buckets: storage, files: storage.from(bucket), get };
}

/** The data of an answer. @throws StoreError for an error that the client returned or threw */
export async function answered<Answer extends { data: unknown; error: unknown }>(
  request: PromiseLike<Answer>,
): Promise<NonNullable<Answer["data"]>> {
  let answer: Answer;
  try {
    answer = await request;
  } catch (error) {
    throw toSupabaseStoreError(error);
  }
  if (answer.error !== null) throw toSupabaseStoreError(answer.error);
  if (answer.data === null || answer.data === undefined)
    throw new StoreError("integrity", "The store returned no data.");
  return answer.data;
}
