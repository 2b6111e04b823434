import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { auditCheckpoints, auditTimestamps } from "@/lib/db/schema/audit";
import { query } from "@/lib/operation/operation";

/**
 * The newest time stamp (TimeStampResp in DER) and the checkpoint that it is of.
 * @throws AppError `not_found`: there is none.
 */
export const readNewestTimestamp = query({
  permission: "audit:verify",
  input: z.object({}),
  run: async ({ db }) => {
    const { sequence, stampedAt, response } = auditTimestamps;
    const [newest] = await db
      .select({ sequence, stampedAt, response, note: auditCheckpoints.note })
      .from(auditTimestamps)
      .innerJoin(auditCheckpoints, eq(auditCheckpoints.sequence, sequence))
      .orderBy(desc(sequence))
      .limit(1);
    if (!newest) throw new AppError("not_found", "there is no time stamp yet");
    return newest;
  },
});
