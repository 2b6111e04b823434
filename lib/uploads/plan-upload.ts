import { AppError } from "@/lib/core/errors";
import { choosePartSize } from "@/lib/uploads/part-sizes";
import type { UploadRequest } from "@/lib/uploads/upload-request";
import type { ObjectStore } from "@/lib/storage/object-store";

/** How the bytes of one call are to come: in one signed PUT, in signed parts, or through the portal. */
export type UploadPlan =
  | { kind: "single"; sizeBytes: number; sha256: string }
  | { kind: "multipart"; sizeBytes: number; sha256: string; partSizeBytes: number }
  | { kind: "content" };

/** More than this no S3 server takes in one PUT, and no line keeps a request open for. */
const largestSingleBytes = 5 * 1024 ** 3;

/**
 * Through the portal when size and SHA-256 are not told; in parts when the sender can or must and the store has them.
 * @throws AppError `too_large` when the store cannot take it in one PUT and has no parts.
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
