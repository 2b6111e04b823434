import type { storeErrorAnswer } from "@/lib/core/errors";

/** Stable codes of all failures of a store. Decide by the code, never by the message. */
export type StoreErrorCode = keyof typeof storeErrorAnswer;

const RETRYABLE_CODES: ReadonlySet<StoreErrorCode> = new Set([
  "throttled",
  "unavailable",
  "timed_out",
  "key_unavailable",
]);

/**
 * The only error type of a store. `retryable`: the same call may succeed later.
 * The message is for the operator's log; it may contain an object key (an id), never content.
 */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly retryable: boolean;
  /** Time until a retry; null if the error is not retryable. A key service needs longer than a store. */
  readonly retryAfterSeconds: number | null;

  constructor(code: StoreErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
    this.retryable = RETRYABLE_CODES.has(code);
    this.retryAfterSeconds = !this.retryable ? null : code === "key_unavailable" ? 15 : 5;
  }
}
