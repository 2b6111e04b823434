import { isNull } from "drizzle-orm";
import { z } from "zod";
import { siemRejections } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Ends the alarm of batches that the SIEM took in part, without sending them again. The event says how many. */
export const closeSiemRejections = command({
  permission: "siem-stream:reset",
  input: z.object({}),
  audits: ["siem_stream.rejections_closed"],
  run: async ({ tx }) => {
    const closed = await tx
      .update(siemRejections)
      .set({ resolvedAt: transactionNow })
      .where(isNull(siemRejections.resolvedAt))
      .returning({ rejected: siemRejections.rejected });
    if (closed.length === 0) return { result: { batches: 0 }, unchanged: true as const };
    const rejected = closed.reduce((sum, row) => sum + row.rejected, 0);
    const details = { batches: closed.length, rejected };
    return {
      result: { batches: closed.length },
      audits: [auditEvent("siem_stream.rejections_closed", { details })] as const,
    };
  },
});
