import { AppError, type ErrorCode } from "@/lib/core/errors";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

/**
 * What the portal answers for each way in which a store can fail it. What the sender can mend has a code of its own; the rest is the
 * store's or its settings', not the sender's: what was asked for may be asked again, and the log says why it failed.
 */
const answers: Record<StoreErrorCode, ErrorCode> = {
  too_large: "too_large",
  size_mismatch: "size_mismatch",
  checksum_mismatch: "checksum_mismatch",
  key_unavailable: "key_unavailable",
  throttled: "store_unavailable",
  unavailable: "store_unavailable",
  timed_out: "store_unavailable",
  // Keys that were revoked, or a policy: it passes when the administrator has mended it.
  forbidden: "store_unavailable",
  expired: "store_unavailable",
  // The object changed or went between two looks at it: the next look decides.
  not_found: "store_unavailable",
  already_exists: "store_unavailable",
  precondition_failed: "store_unavailable",
  range_not_satisfiable: "store_unavailable",
  // Where these mean a damaged recording, playback has said so before.
  integrity: "store_unavailable",
  key_missing: "store_unavailable",
  invalid_key: "store_unavailable",
  invalid_request: "store_unavailable",
  not_supported: "store_unavailable",
};

const secondsUntilMended = 60;

/** The answer for any failure of a store, or of the service of its keys. */
export function storeAsAppError(error: StoreError): AppError {
  const code = answers[error.code];
  const retryAfterSeconds = error.retryAfterSeconds ?? (code === "store_unavailable" ? secondsUntilMended : undefined);
  return new AppError(code, `store: ${error.code}`, retryAfterSeconds === undefined ? {} : { retryAfterSeconds }, {
    cause: error,
  });
}

/** Calls the store. One that cannot be reached or slows down becomes an answer that says so; other failures stay as they are, for who knows what they mean here. */
export async function callStore<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StoreError && error.retryable ? storeAsAppError(error) : error;
  }
}
