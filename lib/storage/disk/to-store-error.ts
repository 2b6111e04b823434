import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import { sealedObjectError } from "@/lib/storage/sealed-object";
import { StoreError } from "@/lib/storage/store-error";

/** What the file system or the encryption threw, as the port's error. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof ChunkedAeadError) return sealedObjectError(error);
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (error instanceof StoreError || typeof code !== "string" || !("syscall" in (error as object))) return error;
  return new StoreError("unavailable", `The store's folder cannot be used: ${code}.`, { cause: error });
}
