import type { SourceIds } from "@/lib/db/recording-ids";
import { withoutNumbers } from "@/lib/recordings/numbers/source-ids";

/** Names a call within a batch: the same with the id that its sender gives and with the one that is stored. */
export const callKey = ({ source, sourceCallId }: Pick<SourceIds, "source" | "sourceCallId">) =>
  `${source} ${withoutNumbers(source, sourceCallId)}`;

/**
 * Works on the items of a batch in rounds in which each call occurs once: a later item of a call sees what an earlier
 * one left. Keeps the order of the results.
 */
export async function inRounds<Item, Result>(
  items: readonly Item[],
  callOf: (item: Item) => Pick<SourceIds, "source" | "sourceCallId">,
  work: (round: Item[]) => Promise<Result[]>,
): Promise<Result[]> {
  const seen = new Map<string, number>();
  const rounds: number[][] = [];
  for (const [index, item] of items.entries()) {
    const key = callKey(callOf(item));
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    (rounds[round] ??= []).push(index);
  }
  const results: Result[] = [];
  for (const indexes of rounds) {
    const ended = await work(indexes.map((index) => items[index]!));
    for (const [position, index] of indexes.entries()) results[index] = ended[position]!;
  }
  return results;
}
