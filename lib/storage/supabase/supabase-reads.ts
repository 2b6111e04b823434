import { counted, streamOf } from "@/lib/storage/byte-streams";
import type { ObjectRange } from "@/lib/storage/object-facts";
import type { ByteRange, ReadOptions } from "@/lib/storage/store-requests";
import { StoreError } from "@/lib/storage/store-error";
import { assertControl } from "@/lib/storage/supabase/supabase-objects";
import type { SupabaseBucket } from "@/lib/storage/supabase/supabase-client";
import { codeOf, toSupabaseStoreError } from "@/lib/storage/supabase/supabase-error";

/**
 * Reads a range with the service key. The server ignores `If-Match`, so the ETag of the answer is compared before the
 * first byte is passed on. The stream fails if the store sends fewer bytes than it announced.
 */
export async function readSupabaseRange(
  target: SupabaseBucket,
  key: string,
  range: ByteRange,
  options: ReadOptions,
): Promise<ObjectRange> {
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  try {
    const bytes = { range: `bytes=${range.start}-${range.endInclusive}` };
    const answer = await target.get(`object/authenticated/${target.bucket}/${key}`, bytes, signal);
    if (answer.status !== 206) throw await refusalOf(target, answer);
    const found = described(answer);
    if (options.ifMatch !== undefined && found.etag !== options.ifMatch)
      throw new StoreError("precondition_failed", "The object has another ETag.");
    return {
      ...found,
      stream: streamOf(counted(answer.body!, found.sizeBytes), async () => abort.abort(), toSupabaseStoreError),
    };
  } catch (error) {
    abort.abort();
    throw toSupabaseStoreError(error);
  }
}

function described(answer: Response): Omit<ObjectRange, "stream"> {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.headers.get("content-range") ?? "");
  if (!match || !answer.body) throw new StoreError("integrity", "The store answered a range without Content-Range.");
  const [start, endInclusive, totalSizeBytes] = match.slice(1).map(Number) as [number, number, number];
  const etag = (answer.headers.get("etag") ?? "").replaceAll('"', "");
  return {
    sizeBytes: endInclusive - start + 1,
    start,
    endInclusive,
    totalSizeBytes,
    contentType: answer.headers.get("content-type") ?? "application/octet-stream",
    etag,
    versionId: null,
  };
}

async function refusalOf(target: SupabaseBucket, answer: Response): Promise<StoreError> {
  if (answer.ok) return new StoreError("integrity", "The store ignored the range.");
  const body = (await answer.json().catch(() => ({}))) as { code?: string; statusCode?: string };
  const code = codeOf(body.code, body.statusCode ?? String(answer.status));
  if (code === "not_found") await assertControl(target);
  return new StoreError(code, `The store answered ${body.code ?? body.statusCode ?? answer.status}.`);
}
