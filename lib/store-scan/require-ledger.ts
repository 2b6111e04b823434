import { readLedgerState } from "@/lib/deletion/ledger/read-ledger-state";
import { AppError } from "@/lib/core/errors";
import type { OperationContext } from "@/lib/operation/operation";

/** @throws AppError `erasure_ledger_ahead`: what the database says of the store is not to be compared with it, and nothing removed on its word. */
export async function requireLedger(context: OperationContext): Promise<void> {
  const state = await readLedgerState(context, {});
  if (state !== "in_step")
    throw new AppError("erasure_ledger_ahead", `the erasure ledger is ${state}; run: npm run erasures -- replay`);
}
