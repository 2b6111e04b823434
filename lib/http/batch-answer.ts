import { jsonAnswer } from "@/lib/http/json-answer";
import { problemDetails } from "@/lib/http/problem";
import type { Settled } from "@/lib/operation/settled";

/** One item of a batch: the status, body and `Retry-After` (seconds) that a request of its own would get. */
type Item = { status: number; body: object; retryAfter?: number };

/**
 * Answers a batch with 200 and, in the order of its items, the answer to each. A refused item has problem details.
 * @param describe the answer to an accepted item.
 */
export function batchAnswer<Value>(
  items: readonly Settled<Value>[],
  requestId: string,
  describe: (value: Value) => Item,
): Response {
  const results = items.map((item): Item => {
    if ("value" in item) return describe(item.value);
    const { body } = problemDetails(item.refusal, requestId);
    const { retryAfterSeconds } = item.refusal.details;
    return { status: body.status, body, ...(retryAfterSeconds ? { retryAfter: retryAfterSeconds } : {}) };
  });
  return jsonAnswer({ results });
}
