import { asc, inArray, isNotNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { ReadDatabase } from "@/lib/db/client";
import { erasureLedger } from "@/lib/db/schema/deletion";
import { storedNumbers } from "@/lib/deletion/ledger/stored-ledger";
import { putLedgerEntry } from "@/lib/deletion/ledger/write-ledger";
import { command, query } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";

/** Entries written again by one call: their bodies are in memory together. */
const mostAtOnce = 100;

/** Numbers of entries that the store has lost: somebody deleted them there, or it is another bucket. */
export const listMissingEntries = query({
  permission: "erasure-ledger:replay",
  input: z.object({}),
  run: ({ db }) => missingNumbers(db),
});

/** Writes the first missing entries again, byte for byte. Answers their numbers; repeat until there are none. */
export const writeMissingEntries = command({
  permission: "erasure-ledger:replay",
  input: z.object({}),
  audits: ["erasure_ledger.written"],
  prepare: async ({ db }) => {
    const numbers = (await missingNumbers(db)).slice(0, mostAtOnce);
    if (numbers.length === 0) return numbers;
    const entries = await db
      .select({ sequence: erasureLedger.sequence, body: erasureLedger.body })
      .from(erasureLedger)
      .where(inArray(erasureLedger.sequence, numbers))
      .orderBy(asc(erasureLedger.sequence));
    for (const { sequence, body } of entries) await putLedgerEntry(configuredStore(), sequence, body);
    return numbers;
  },
  run: async ({ prepared: numbers }) => {
    if (numbers.length === 0) return { result: numbers, unchanged: true as const };
    const details = { first: numbers[0]!, last: numbers.at(-1)!, entries: numbers.length, again: true };
    return { result: numbers, audits: [auditEvent("erasure_ledger.written", { details })] };
  },
});

/** Reads the database first, so that an entry written to the store meanwhile is no gap. */
async function missingNumbers(db: ReadDatabase): Promise<number[]> {
  const { sequence, writtenAt } = erasureLedger;
  const written = await db.select({ sequence }).from(erasureLedger).where(isNotNull(writtenAt)).orderBy(asc(sequence));
  const stored = new Set<number>();
  for await (const number of storedNumbers(configuredStore())) stored.add(number);
  return written.map((row) => row.sequence).filter((number) => !stored.has(number));
}
