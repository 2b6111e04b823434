import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { controlNames } from "@/lib/compliance/controls";
import { AppError } from "@/lib/core/errors";
import { transactionNow } from "@/lib/db/schema/columns";
import { acceptedRisks } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Ends the acceptance of a control's gap: it counts as a gap again. Without one nothing changes. */
export const withdrawRisk = command({
  permission: "compliance:manage",
  input: z.object({ control: z.enum(controlNames) }),
  audits: ["control.risk_withdrawn"],
  run: async ({ tx, actor, input: { control } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const [ended] = await tx
      .update(acceptedRisks)
      .set({ withdrawnById: actor.userId, withdrawnAt: transactionNow })
      .where(and(eq(acceptedRisks.control, control), isNull(acceptedRisks.withdrawnAt)))
      .returning({ id: acceptedRisks.id });
    if (!ended) return { result: null, unchanged: true as const };
    const target = { type: "accepted_risk", id: ended.id };
    return { result: null, audits: [auditEvent("control.risk_withdrawn", { target, details: { control } })] };
  },
});
