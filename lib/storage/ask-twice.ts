import { StoreError } from "@/lib/storage/store-error";

/** Time for the first answer, and for the second one, which comes over a new connection. */
const firstLimitMs = 5_000;
const secondLimitMs = 10_000;

/** A request that changes nothing in the store: HEAD, a list, the beginning of a read. */
export interface Question<Answer> {
  ask: (limit: AbortSignal) => Promise<Answer>;
  /** The same over a connection that no request used before. */
  askAnew: (limit: AbortSignal) => Promise<Answer>;
  /** True for errors after which the store may still answer over another connection. */
  isUnanswered: (error: unknown) => boolean;
  /** Default 10 seconds. The beginning of a transfer may take longer. */
  secondLimitMs?: number;
}

/**
 * Asks once more, over a new connection, if no answer comes within seconds: a store may leave a connection unusable.
 * Never for writes and deletions, which the store may carry out although it does not answer.
 * @throws StoreError `timed_out`
 */
export async function askTwice<Answer>(question: Question<Answer>): Promise<Answer> {
  try {
    return await within(firstLimitMs, question.ask);
  } catch (error) {
    if (!question.isUnanswered(error)) throw error;
    return within(question.secondLimitMs ?? secondLimitMs, question.askAnew);
  }
}

async function within<Answer>(limitMs: number, ask: Question<Answer>["ask"]): Promise<Answer> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    return await ask(limit.signal);
  } catch (error) {
    if (!limit.signal.aborted) throw error;
    throw new StoreError("timed_out", "The store did not answer in time.", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
