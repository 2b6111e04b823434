import { AppError } from "@/lib/core/errors";
import { storeAsAppError } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

/** An `AppError` as it is, and a `StoreError` that no operation handled as the table answers it. Null for any other error. */
export function knownError(error: unknown): AppError | null {
  if (error instanceof StoreError) return storeAsAppError(error);
  return error instanceof AppError ? error : null;
}
