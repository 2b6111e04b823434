import { AppError, storeErrorAnswer } from "@/lib/core/errors";
import { StoreError } from "@/lib/storage/store-error";

const secondsUntilMended = 60;

/** The answer for any failure of a store, or of the service of its keys. */
export function storeAsAppError(error: StoreError): AppError {
  const code = storeErrorAnswer[error.code];
  const retryAfterSeconds = error.retryAfterSeconds ?? (code === "store_unavailable" ? secondsUntilMended : undefined);
  return new AppError(code, `store: ${error.code}`, retryAfterSeconds === undefined ? {} : { retryAfterSeconds }, {
    cause: error,
  });
}

/**
 * Calls the store. One that cannot be reached or slows down becomes an answer that says so; other failures stay as they
 * are, for who knows what they mean here.
 */
export async function callStore<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StoreError && error.retryable ? storeAsAppError(error) : error;
  }
}
