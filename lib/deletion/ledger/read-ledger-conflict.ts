import { z } from "zod";
import { findLedgerConflict } from "@/lib/deletion/ledger/compare-ledger";
import { query } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";

/** The first number under which the store has another entry than this database, or null: two databases have written there. */
export const readLedgerConflict = query({
  permission: "erasure-ledger:replay",
  input: z.object({}),
  run: ({ db }) => findLedgerConflict(configuredStore(), db, 0),
});
