import { sql } from "drizzle-orm";
import { z } from "zod";
import { recordings } from "@/lib/db/schema/recordings";
import { ledgerHead } from "@/lib/deletion/ledger/ledger-rows";
import { query } from "@/lib/operation/operation";
import { idList } from "@/lib/db/id-list";

/** The end of the database's ledger: where a replay begins. */
export const readLedgerHead = query({
  permission: "erasure-ledger:replay",
  input: z.object({}),
  run: ({ db }) => ledgerHead(db),
});

/** Which of these recordings a restore brought back. */
export const listBroughtBack = query({
  permission: "erasure-ledger:replay",
  input: z.object({ recordingIds: z.array(z.uuid()) }),
  run: async ({ db, input }) => {
    const rows = await db
      .select({ id: recordings.id })
      .from(recordings)
      .where(sql`${recordings.id} = any(${idList(input.recordingIds)}) and ${recordings.state} <> 'deleted'`);
    return rows.map(({ id }) => id);
  },
});
