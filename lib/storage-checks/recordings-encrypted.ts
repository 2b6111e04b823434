import type { StorageControlResult } from "@/lib/db/schema/storage-checks";
import type { ObjectStore } from "@/lib/storage/object-store";

/**
 * Whether recordings are encrypted at rest, as against the bucket: by the portal before the store sees them, or as the
 * store reported of an object in `results`. Not to have asked for it is no excuse where the store could.
 */
export function recordingsEncrypted(
  { capabilities }: ObjectStore,
  results: readonly StorageControlResult[],
): StorageControlResult {
  const control = "recordings_encrypted";
  if (capabilities.encryption.includes("custodia:aes256-gcm"))
    return { control, outcome: "holds", detail: "custodia:aes256-gcm" };
  const { outcome, detail } = results.find((result) => result.control === "encryption_reported") ?? {
    outcome: "unknown" as const,
    detail: null,
  };
  return detail === "not_asked" ? { control, outcome: "fails", detail: "none" } : { control, outcome, detail };
}
