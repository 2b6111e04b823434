import { AppError, storeErrorAnswer } from "@/lib/core/errors";
import { StoreError } from "@/lib/storage/store-error";

const retrySeconds = 60;

/** The answer for a failure of a store or of its key service. */
export function storeAsAppError(error: StoreError): AppError {
  const code = storeErrorAnswer[error.code];
  const retryAfterSeconds = error.retryAfterSeconds ?? (code === "store_unavailable" ? retrySeconds : undefined);
  return new AppError(code, `store: ${error.code}`, retryAfterSeconds === undefined ? {} : { retryAfterSeconds }, {
    cause: error,
  });
}

/** Calls the store. Converts retryable errors (unreachable, slow); the caller handles the others. */
export async function callStore<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StoreError && error.retryable ? storeAsAppError(error) : error;
  }
}
