import type { StoreCapabilities } from "@/lib/storage/object-store";

/**
 * Whether what came by an upload link can be told from what the same link brings later: nothing more is let in, only the same bytes
 * are, or each has a version. Where not, the object has to be moved to a key without a link (`promote`).
 */
export function pinsCustody({
  conditionalWrite,
  sha256Verified,
  versioning,
}: Pick<StoreCapabilities, "conditionalWrite" | "sha256Verified" | "versioning">): boolean {
  return conditionalWrite || sha256Verified || versioning;
}
