import { severalLines } from "@/lib/core/text-input";
import { and, inArray } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { recordings } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { blockRows } from "@/lib/recordings/blocking/block-rows";
import { recordingScope } from "@/lib/recordings/recording-scope";

const mostRecordings = 500;

/**
 * Suspends every processing of stored recordings and ends the grants to play or download them. Those that are blocked
 * already stay as they are.
 * @throws AppError `not_found`; `conflict` when one is not stored.
 */
export const blockRecordings = command({
  permission: "recording:block",
  input: z.object({
    recordingIds: z.array(z.uuid()).min(1).max(mostRecordings),
    /** Free text: kept encrypted beside the recording, not in the log. */
    reason: severalLines(2000, 10),
  }),
  audits: ["recording.blocked"],
  run: async ({ tx, actor, input: { recordingIds, reason } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const chosen = [...new Set(recordingIds)];
    const { id, unitId, state, blockedAt } = recordings;
    // Locked as for a hold: a deletion comes first and is seen here, or second and sees the block.
    const rows = await tx
      .select({ id, unitId, state, blockedAt })
      .from(recordings)
      .where(and(inArray(id, chosen), recordingScope(actor)))
      .orderBy(id)
      .for("update");
    if (rows.length !== chosen.length) throw new AppError("not_found");
    const other = rows.find((row) => row.state !== "stored");
    if (other) throw new AppError("conflict", `a recording is ${other.state}`);
    const open = rows.filter((row) => row.blockedAt === null);
    const result = { blocked: open.length };
    if (open.length === 0) return { result, unchanged: true as const };
    const [first, ...rest] = await blockRows(tx, open, { reason, blockedById: actor.userId });
    return { result, audits: [first!, ...rest] };
  },
});
