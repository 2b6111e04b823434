import type { storeErrorAnswer } from "@/lib/core/errors";

/** Stable codes of everything that can go wrong at a store. Decide by the code, never by the message. */
export type StoreErrorCode = keyof typeof storeErrorAnswer;

const RETRYABLE_CODES: ReadonlySet<StoreErrorCode> = new Set([
  "throttled",
  "unavailable",
  "timed_out",
  "key_unavailable",
]);

/**
 * The one error type that leaves a store. `retryable` says that the same call may succeed later unchanged.
 * The message is for the log of the operator: it may hold an object key (an id), never content.
 */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly retryable: boolean;
  /** How long to wait with the same call; null where it will not succeed. A key service needs longer than a store. */
  readonly retryAfterSeconds: number | null;

  constructor(code: StoreErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
    this.retryable = RETRYABLE_CODES.has(code);
    this.retryAfterSeconds = !this.retryable ? null : code === "key_unavailable" ? 15 : 5;
  }
}
