import { sql } from "drizzle-orm";
import { objectDamages } from "@/lib/audit/anchor";
import type { PublicKeys } from "@/lib/audit/signing-keys";
import { unlessUnreachable } from "@/lib/audit/verify/anchor-check";
import type { Findings } from "@/lib/audit/verify/finding";
import {
  counterPrefix,
  isCounterSignedBy,
  parseCounterKey,
  readCounter,
  type CounterName,
} from "@/lib/audit/writer-counter";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

/** The highest counter that a process left in the store. */
type NewestCounter = CounterName & { key: string };

/** Lists the newest counter of each process. Called before the snapshot, which then has all their events. */
export async function listCounters(store: ObjectStore, findings: Findings): Promise<NewestCounter[]> {
  const newest = new Map<string, NewestCounter>();
  let cursor: string | undefined;
  do {
    const page = await store.list({ prefix: counterPrefix, limit: 1000, cursor });
    for (const { key } of page.objects) {
      const name = parseCounterKey(key);
      if (!name) findings.add({ code: "counter_invalid", detail: `${key} is not a counter's name` });
      else if ((newest.get(name.writerId)?.settled ?? 0) < name.settled) newest.set(name.writerId, { key, ...name });
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return [...newest.values()];
}

type CounterCheck = { store: ObjectStore; db: ReadDatabase; publicKeys: PublicKeys; findings: Findings };

const writersPerRead = 500;

/**
 * Compares the counters with the events: of a process whose newest events were deleted, the highest number in the
 * database is lower. Only the counters of those are read.
 */
export async function checkCounters(counters: readonly NewestCounter[], check: CounterCheck): Promise<void> {
  for (let start = 0; start < counters.length; start += writersPerRead) {
    const page = counters.slice(start, start + writersPerRead);
    const highest = await highestNumbers(check.db, page);
    for (const counter of page) {
      const present = highest.get(counter.writerId) ?? 0;
      if (present < counter.settled) await unlessUnreachable(() => report(counter, present, check), check.findings);
    }
  }
}

async function highestNumbers(db: ReadDatabase, counters: readonly NewestCounter[]): Promise<Map<string, number>> {
  const ids = counters.map(({ writerId }) => writerId).join(",");
  const rows = await db.select({ writerId: sql<string>`w.id`, highest: sql<string | null>`h.highest` }).from(
    sql`unnest(string_to_array(${ids}, ',')) w(id) left join lateral (
        select e.writer_sequence::text as highest from ${auditEvents} e where e.writer_id = w.id::uuid
        order by e.writer_sequence desc limit 1) h on true`,
  );
  return new Map(rows.map(({ writerId, highest }) => [writerId, Number(highest ?? 0)]));
}

/** @throws StoreError if the store does not answer. */
async function report(counter: NewestCounter, present: number, check: CounterCheck): Promise<void> {
  const at = await genuineTime(counter, check);
  if (at === null) return;
  const { writerId, settled } = counter;
  const first = present + 1;
  const numbers = first === settled ? `number ${first}` : `numbers ${first} to ${settled}`;
  const detail = `${numbers} of this process were committed by ${at}, says its counter in the store, and are missing`;
  check.findings.add({ code: "writer_cut_off", writerId, detail });
}

/** When a counter was left, if its signature and its name are right; else null. */
async function genuineTime(
  { key, epoch, writerId, settled }: NewestCounter,
  { store, publicKeys, findings }: CounterCheck,
): Promise<string | null> {
  const signed = await readUndamaged(store, key);
  // Its process has superseded it since it was listed.
  if (signed === "gone") return null;
  const invalid = (why: string) => findings.add({ code: "counter_invalid", writerId, detail: `${key} ${why}` });
  const { counter } = signed ?? {};
  if (!signed || !counter) return (invalid("is damaged, or no counter"), null);
  const publicKey = publicKeys.get(counter.signingKeyId);
  if (!publicKey) {
    const detail = `no public key "${counter.signingKeyId}" for ${key}`;
    findings.add({ code: "signing_key_unknown", writerId, detail });
  } else if (!isCounterSignedBy(signed, publicKey)) invalid("is not validly signed");
  else if (counter.epoch !== epoch || counter.writerId !== writerId || counter.settled !== settled)
    invalid("holds another counter than its name states");
  else return counter.at;
  return null;
}

async function readUndamaged(store: ObjectStore, key: string) {
  try {
    return await readCounter(store, key);
  } catch (error) {
    if (!(error instanceof StoreError) || !objectDamages.has(error.code)) throw error;
    return error.code === "not_found" ? ("gone" as const) : null;
  }
}
