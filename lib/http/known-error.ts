import { AppError } from "@/lib/core/errors";
import { storeAsAppError } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

/** An error that has a code for whoever asked: ours, or a store's that nobody on the way knew better. Null for any other. */
export function knownError(error: unknown): AppError | null {
  if (error instanceof StoreError) return storeAsAppError(error);
  return error instanceof AppError ? error : null;
}
