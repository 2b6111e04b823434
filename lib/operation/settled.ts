import { AppError } from "@/lib/core/errors";

/** The end of one item of a batch: items are accepted or refused each by itself. */
export type Settled<Value> = { value: Value } | { refusal: AppError };

/** Runs the work of one item. An AppError refuses this item; every other error fails the whole batch. */
export async function settle<Value>(work: () => Promise<Value> | Value): Promise<Settled<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof AppError) return { refusal: error };
    throw error;
  }
}

/** Continues with the accepted items, all together; keeps the refusals and the order. */
export async function continueAccepted<Value, Next>(
  items: readonly Settled<Value>[],
  work: (accepted: Value[]) => Promise<Settled<Next>[]>,
): Promise<Settled<Next>[]> {
  const accepted = items.flatMap((item) => ("value" in item ? [item.value] : []));
  const results = (accepted.length > 0 ? await work(accepted) : []).values();
  return items.map((item) => ("refusal" in item ? item : results.next().value!));
}

/** The result of a batch of one. @throws AppError its refusal. */
export function unwrap<Value>([item]: readonly Settled<Value>[]): Value {
  if ("refusal" in item!) throw item.refusal;
  return item!.value;
}
