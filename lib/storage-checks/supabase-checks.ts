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

/** More than this is not sent only to see it refused: the limit is read back alone. */
const LARGEST_CHECK_BYTES = 64 * 1024 ** 2;

/**
 * A header that is there and says nothing: without one the server complains of the request, and not of who sends it.
 */
const nobody = { authorization: "Bearer nobody" };

const addressIn = ({ url }: SupabaseStoreConfig, path: string) => `${url.replace(/\/$/, "")}/storage/v1/${path}`;

/** Why the store refuses what its own server key asks it to write; null when it takes it. */
async function refusedPut(under: CheckedStore, bytes: Uint8Array, contentType: string): Promise<StoreError | null> {
  try {
    await under.store.put(under.newKey(), bytes, { contentType, ifNoneMatch: "*" });
    return null;
  } catch (error) {
    if (error instanceof StoreError && !error.retryable) return error;
    throw error;
  }
}

/** What somebody without a key gets of a project whose address is known to every browser. */
export const supabaseChecks: Record<string, SupabaseCheck> = {
  /** A private object looks missing through the public door; that it is there a signed link has shown. */
  async anonymous_read_refused(config, under) {
    const key = await smallObject(under);
    assertControl(await request((await under.store.signDownload({ key, expiresInSeconds: 60 })).url));
    const doors = [
      ["object/public", {}],
      ["object/authenticated", nobody],
      ["object", nobody],
    ] as const;
    return firstNot(
      await Promise.all(
        doors.map(async ([door, headers]) =>
          refusalIn(await request(addressIn(config, `${door}/${config.bucket}/${key}`), { headers })),
        ),
      ),
    );
  },

  async anonymous_list_refused(config, under) {
    await smallObject(under);
    await under.store.list({ prefix: "custodia-check/", limit: 1 });
    const headers = { ...nobody, "content-type": "application/json" };
    const asked = [
      ["list-v2", { prefix: "", limit: 1 }],
      ["list", { prefix: "", limit: 1 }],
    ] as const;
    return firstNot(
      await Promise.all(
        asked.map(async ([route, body]) =>
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
        headers: { ...nobody, "content-type": "audio/wav" },
        body: "x",
      }),
    );
    assertControl(await send(await ticketFor(under)));
    return refused;
  },

  /** By a body with a length: one without is not measured, and found when the portal reads it back. */
  async size_limit_enforced({ maxUploadBytes }, under) {
    if (maxUploadBytes > LARGEST_CHECK_BYTES) return unsupported("too_large_to_try");
    const refused = await refusedPut(under, new Uint8Array(maxUploadBytes + 1), "audio/wav");
    if (!refused) return fails("accepted");
    return refused.code === "too_large" ? holds() : { outcome: "unknown", detail: refused.code };
  },

  /** By what the sender says it is, which is all that the store looks at. */
  async declared_type_enforced(_config, under) {
    await smallObject(under);
    const refused = await refusedPut(under, Buffer.from("<html></html>"), "text/html");
    if (!refused) return fails("accepted");
    return refused.code === "invalid_request" ? holds() : { outcome: "unknown", detail: refused.code };
  },
};

const firstNot = (verdicts: Verdict[]): Verdict => verdicts.find(({ outcome }) => outcome !== "holds") ?? verdicts[0]!;
