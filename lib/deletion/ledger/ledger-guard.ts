import type { ReadDatabase } from "@/lib/db/client";
import { compareLedger, type LedgerState } from "@/lib/deletion/ledger/compare-ledger";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { configuredStore } from "@/lib/storage/configured-store";
import { processWide } from "@/lib/core/process-wide";

const lookEveryMs = 60_000;

type Seen = { state: LedgerState["state"]; lookedAt: number };

const holder = processWide as { custodiaLedgerSeen?: Seen };

/**
 * What this process last saw of the ledger; looks again when that is a minute old, or at once when `thorough`. A store that does
 * not answer changes nothing: then no recording can be read either.
 */
export async function ledgerGuard(db: ReadDatabase, { thorough = false } = {}): Promise<LedgerState["state"]> {
  const seen = holder.custodiaLedgerSeen;
  if (!thorough && seen && Date.now() - seen.lookedAt < lookEveryMs) return seen.state;
  // Noted before the look, so that of many requests at once one looks.
  holder.custodiaLedgerSeen = { state: seen?.state ?? "in_step", lookedAt: Date.now() };
  try {
    const { state } = await compareLedger(configuredStore(), db, { thorough });
    if (state !== "in_step" && state !== seen?.state)
      log.error(
        { state },
        "ALARM: the erasure ledger in the object store is not this database's; run: npm run erasures -- replay",
      );
    holder.custodiaLedgerSeen = { state, lookedAt: Date.now() };
    return state;
  } catch (error) {
    if (thorough) throw error;
    log.warn({ error }, "the erasure ledger could not be compared; retrying in a minute");
    return holder.custodiaLedgerSeen.state;
  }
}

/** What this process last saw, without looking. */
export function lastSeenLedgerState(): LedgerState["state"] | null {
  return holder.custodiaLedgerSeen?.state ?? null;
}

/** @throws AppError `erasure_ledger_ahead`: what was erased may stand in this database again, so nothing of it is served. */
export async function requireLedgerInStep(db: ReadDatabase, options?: { thorough?: boolean }): Promise<void> {
  const state = await ledgerGuard(db, options);
  if (state !== "in_step")
    throw new AppError("erasure_ledger_ahead", `the erasure ledger is ${state}; run: npm run erasures -- replay`);
}
