import { and, asc, isNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { erasureLedger } from "@/lib/db/schema/deletion";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { processWide } from "@/lib/core/process-wide";
import { ledgerKey } from "@/lib/deletion/ledger/ledger-entry";
import { ledgerHead } from "@/lib/deletion/ledger/ledger-rows";
import { lastStored, readStoredText } from "@/lib/deletion/ledger/stored-ledger";
import { query } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";

/**
 * `ahead`: the store has erasures that this database lacks, so the database was restored from an older backup.
 * `conflict`: the store has another entry under a number of this database.
 */
export type LedgerState = "in_step" | "ahead" | "conflict";

const checkEveryMs = 60_000;

const holder = processWide as {
  custodiaLedgerChecked?: { state: LedgerState; at: number };
  custodiaLedgerCheck?: Promise<LedgerState>;
};

const checkInput = z.object({ thorough: z.boolean().default(false) });

/** Compares the erasure ledger with the store's, as `checkLedgerWith`. For the banner of each page and at the start. */
export const checkLedger = query({
  permission: "erasure-ledger:read",
  input: checkInput,
  run: ({ db, input }) => checkLedgerWith(db, input),
});

/**
 * The same, for jobs that rely on it.
 * @throws AppError `erasure_ledger_ahead`; StoreError when `thorough` and the store does not answer.
 */
export const requireLedger = query({
  permission: "erasure-ledger:read",
  input: checkInput,
  run: ({ db, input }) => requireLedgerInStep(db, input),
});

/**
 * The only place that refuses: what was erased may stand in this database again, so nothing is served or deleted by it.
 * @throws AppError `erasure_ledger_ahead`
 */
export async function requireLedgerInStep(db: ReadDatabase, options?: { thorough?: boolean }): Promise<void> {
  const state = await checkLedgerWith(db, options);
  if (state !== "in_step")
    throw new AppError("erasure_ledger_ahead", `the erasure ledger is ${state}; run: npm run erasures -- replay`);
}

/**
 * Compares the ledger with the store's at most once a minute, or at once when `thorough`, and keeps the answer for this
 * process. A store that does not answer changes nothing: then no recording can be read either.
 */
export async function checkLedgerWith(db: ReadDatabase, { thorough = false } = {}): Promise<LedgerState> {
  const last = holder.custodiaLedgerChecked;
  if (thorough) return compareAndKeep(db, true);
  if (last && (Date.now() - last.at < checkEveryMs || holder.custodiaLedgerCheck)) return last.state;
  // Of many requests at once, one checks. Before the first answer the others wait for it.
  holder.custodiaLedgerCheck ??= compareAndKeep(db, false).finally(() => {
    holder.custodiaLedgerCheck = undefined;
  });
  return holder.custodiaLedgerCheck;
}

async function compareAndKeep(db: ReadDatabase, thorough: boolean): Promise<LedgerState> {
  try {
    const state = await compareLedger(configuredStore(), db, thorough);
    if (state !== "in_step" && state !== holder.custodiaLedgerChecked?.state)
      log.error(
        { state },
        "ALARM: the erasure ledger in the object store is not this database's; run: npm run erasures -- replay",
      );
    holder.custodiaLedgerChecked = { state, at: Date.now() };
    return state;
  } catch (error) {
    if (thorough) throw error;
    log.warn({ error }, "the erasure ledger could not be compared; retrying in a minute");
    // Read now: a thorough check may have ended meanwhile, and what it found must stay.
    holder.custodiaLedgerChecked = { state: holder.custodiaLedgerChecked?.state ?? "in_step", at: Date.now() };
    return holder.custodiaLedgerChecked.state;
  }
}

/** `thorough` lists the whole ledger, so that a gap hides nothing; otherwise one request for the next number. */
async function compareLedger(store: ObjectStore, db: ReadDatabase, thorough: boolean): Promise<LedgerState> {
  for (;;) {
    const { sequence } = await ledgerHead(db);
    const isAhead = thorough
      ? (await lastStored(store)) > sequence
      : (await store.head(ledgerKey(sequence + 1))) !== null;
    if (!isAhead) return (await findLedgerConflict(store, db, 60_000)) === null ? "in_step" : "conflict";
    // Another process may have appended and written it since.
    if ((await ledgerHead(db)).sequence === sequence) return "ahead";
  }
}

/** The first number under which the store has a different entry, because two databases have written there; or null. */
export const readLedgerConflict = query({
  permission: "erasure-ledger:replay",
  input: z.object({}),
  run: ({ db }) => findLedgerConflict(configuredStore(), db, 0),
});

/**
 * The first number of an entry of ours that waits to be written and under which the store has another entry, or null.
 * @param waitingMs only an entry that has waited so long: the others are on their way.
 */
async function findLedgerConflict(store: ObjectStore, db: ReadDatabase, waitingMs: number): Promise<number | null> {
  const { sequence, body, writtenAt, createdAt } = erasureLedger;
  const [waiting] = await db
    .select({ sequence, body })
    .from(erasureLedger)
    .where(and(isNull(writtenAt), lt(createdAt, sql`now() - ${waitingMs} * interval '1 millisecond'`)))
    .orderBy(asc(sequence))
    .limit(1);
  if (!waiting) return null;
  const stored = await readStoredText(store, ledgerKey(waiting.sequence));
  return stored !== null && stored !== waiting.body ? waiting.sequence : null;
}
