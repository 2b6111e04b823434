import { sql } from "drizzle-orm";
import { inSealRange, readSealedEpochs, type SealRange } from "@/lib/audit/seal-row";
import type { LogSource, LogView } from "@/lib/audit/verify/log-source";

/** Some seals in sequence with the transactions that they cover; null: and all after them. */
export type LogPart = LogView & {
  epochs: readonly { epoch: string; transactionFrom: bigint; transactionTo: bigint | null }[];
};

/**
 * Divides the sealed events into parts that can be verified at the same time, of about as many events each. Together
 * they are all events of the sealed epochs; what was written between two seals is in the part of the later one.
 * @param eventsEach fewer are no part of their own.
 */
export async function logParts(source: LogSource, most: number, eventsEach: number): Promise<LogPart[]> {
  const { tx, snapshot, currentEpoch, newestSealEpoch, isOpenEnded } = source;
  const ends = new Map((await source.sealedEpochs()).map(({ epoch, transactionTo }) => [epoch, transactionTo]));
  const reached = new Map<string, bigint>();
  const parts: LogPart[] = [];
  for (const range of await partRanges(source, most, eventsEach)) {
    const epochs = (await readSealedEpochs(tx, range)).map(({ epoch, transactionFrom, transactionTo }) => {
      const from = reached.get(epoch) ?? transactionFrom;
      reached.set(epoch, transactionTo);
      const isLast = transactionTo === ends.get(epoch);
      return { epoch, transactionFrom: from, transactionTo: isLast && isOpenEnded ? null : transactionTo };
    });
    parts.push({ snapshot, range, epochs, currentEpoch, newestSealEpoch });
  }
  return parts;
}

async function partRanges({ tx, range }: LogSource, most: number, eventsEach: number): Promise<SealRange[]> {
  const inRange = inSealRange(range);
  const total = sql`(select sum(event_count) from audit_seals where ${inRange})`;
  const perPart = sql`greatest(${total} / ${most}::int, ${eventsEach}::int)`;
  const before = sql`sum(event_count) over (order by sequence) - event_count`;
  const numbered = sql`(select sequence, least(floor((${before}) / ${perPart}), ${most - 1}::int) as part
    from audit_seals where ${inRange}) numbered`;
  const found = await tx.execute<{ first: string }>(
    sql`select min(sequence)::text as first from ${numbered} group by part order by part`,
  );
  const firsts = found.map(({ first }) => Number(first));
  return firsts.map((fromSequence, index) => ({
    fromSequence: index === 0 ? range.fromSequence : fromSequence,
    toSequence: index + 1 < firsts.length ? firsts[index + 1]! - 1 : range.toSequence,
  }));
}
