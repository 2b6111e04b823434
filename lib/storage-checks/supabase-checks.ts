import { refusalIn } from "@/lib/storage-checks/refusal";
import { request, send, smallObject, ticketFor } from "@/lib/storage-checks/request";
import {
  assertControl,
  fails,
  holds,
  unsupported,
  type CheckedStore,
  type SupabaseCheck,
  type Verdict,
} from "@/lib/storage-checks/check";
import type { SupabaseStoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";

/** A larger limit is only read, because its check would send that many bytes. */
const LARGEST_CHECK_BYTES = 64 * 1024 ** 2;

/** An invalid token. Without this header the server reports an invalid request instead of a missing right. */
const invalidToken = { authorization: "Bearer nobody" };

const addressIn = ({ url }: SupabaseStoreConfig, path: string) => `${url.replace(/\/$/, "")}/storage/v1/${path}`;

/** The error with which the store refuses a write with the service key; null if it accepts the write. */
async function refusedPut(under: CheckedStore, bytes: Uint8Array, contentType: string): Promise<StoreError | null> {
  try {
    await under.store.put(under.newKey(), bytes, { contentType, ifNoneMatch: "*" });
    return null;
  } catch (error) {
    if (error instanceof StoreError && !error.retryable) return error;
    throw error;
  }
}

/** Checks of what a project reveals without a key. Every browser knows its address. */
export const supabaseChecks: Record<string, SupabaseCheck> = {
  /** The public route reports a private object as missing; a signed link shows that it exists. */
  async anonymous_read_refused(config, under) {
    const key = await smallObject(under);
    assertControl(await request((await under.store.signDownload({ key, expiresInSeconds: 60 })).url));
    const routes = [
      ["object/public", {}],
      ["object/authenticated", invalidToken],
      ["object", invalidToken],
    ] as const;
    return firstFailure(
      await Promise.all(
        routes.map(async ([route, headers]) =>
          refusalIn(await request(addressIn(config, `${route}/${config.bucket}/${key}`), { headers })),
        ),
      ),
    );
  },

  async anonymous_list_refused(config, under) {
    await smallObject(under);
    await under.store.list({ prefix: "custodia-check/", limit: 1 });
    const headers = { ...invalidToken, "content-type": "application/json" };
    const requests = [
      ["list-v2", { prefix: "", limit: 1 }],
      ["list", { prefix: "", limit: 1 }],
    ] as const;
    return firstFailure(
      await Promise.all(
        requests.map(async ([route, body]) =>
          refusalIn(
            await request(addressIn(config, `object/${route}/${config.bucket}`), {
              method: "POST",
              headers,
              body: JSON.stringify(body),
            }),
          ),
        ),
      ),
    );
  },

  async anonymous_write_refused(config, under) {
    const refused = await refusalIn(
      await request(addressIn(config, `object/${config.bucket}/${under.newKey()}`), {
        method: "POST",
        headers: { ...invalidToken, "content-type": "audio/wav" },
        body: "x",
      }),
    );
    assertControl(await send(await ticketFor(under)));
    return refused;
  },

  /**
   * Uses a body with a length. The store does not measure one without; the portal finds it when it reads the object.
   */
  async size_limit_enforced({ maxUploadBytes }, under) {
    if (maxUploadBytes > LARGEST_CHECK_BYTES) return unsupported("too_large_to_try");
    const refused = await refusedPut(under, new Uint8Array(maxUploadBytes + 1), "audio/wav");
    if (!refused) return fails("accepted");
    return refused.code === "too_large" ? holds() : { outcome: "unknown", detail: refused.code };
  },

  /** Uses a wrong declared type: the store checks only the declaration. */
  async declared_type_enforced(_config, under) {
    await smallObject(under);
    const refused = await refusedPut(under, Buffer.from("<html></html>"), "text/html");
    if (!refused) return fails("accepted");
    return refused.code === "invalid_request" ? holds() : { outcome: "unknown", detail: refused.code };
  },
};

const firstFailure = (verdicts: Verdict[]): Verdict =>
  verdicts.find(({ outcome }) => outcome !== "holds") ?? verdicts[0]!;
