import { AppError } from "@/lib/core/errors";
import { choosePartSize } from "@/lib/uploads/parts/part-sizes";
import type { UploadRequest } from "@/lib/uploads/upload-request";
import type { ObjectStore } from "@/lib/storage/object-store";

/** How the content of one call is sent: in one signed PUT, in signed parts, or through the portal. */
export type UploadPlan =
  | { kind: "single"; sizeBytes: number; sha256: string }
  | { kind: "multipart"; sizeBytes: number; sha256: string; partSizeBytes: number }
  | { kind: "content" };

/** The largest PUT that S3 servers accept. */
const largestSingleBytes = 5 * 1024 ** 3;

/**
 * Chooses the portal if size and SHA-256 are unknown, parts if the sender can or must use them and the store supports
 * them, otherwise one PUT.
 * @throws AppError `too_large` when one PUT is not enough and the store has no parts.
 */
export function planUpload(
  store: Pick<ObjectStore, "capabilities" | "multipart">,
  { sizeBytes, sha256, multipart }: Pick<UploadRequest, "sizeBytes" | "sha256" | "multipart">,
): UploadPlan {
  if (!sizeBytes || !sha256) return { kind: "content" };
  const isTooLargeForOne = sizeBytes > Math.min(largestSingleBytes, store.capabilities.maxUploadBytes);
  if (store.multipart && (multipart || isTooLargeForOne))
    return { kind: "multipart", sizeBytes, sha256, partSizeBytes: choosePartSize(sizeBytes, store.multipart) };
  if (isTooLargeForOne) throw new AppError("too_large");
  return { kind: "single", sizeBytes, sha256 };
}
