import { z } from "zod";
import type { LedgerState } from "@/lib/deletion/ledger/compare-ledger";
import { ledgerGuard } from "@/lib/deletion/ledger/ledger-guard";
import { query } from "@/lib/operation/operation";

/** Whether the database knows every erasure that the store knows. For the banner of each page, and before work that relies on it. */
export const readLedgerState = query({
  permission: "erasure-ledger:read",
  input: z.object({ thorough: z.boolean().default(false) }),
  run: async ({ db, input }): Promise<LedgerState["state"]> => ledgerGuard(db, input),
});
