import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { transactionNow } from "@/lib/db/schema/columns";
import { officerTerms } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Voids a term that was entered in error. It stays in the history and counts no more. @throws AppError `not_found` */
export const voidTerm = command({
  permission: "register:write",
  input: z.object({ termId: z.uuid() }),
  audits: ["officer_term.voided"],
  run: async ({ tx, actor, input: { termId } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const [voided] = await tx
      .update(officerTerms)
      .set({ voidedAt: transactionNow, voidedById: actor.userId })
      .where(and(eq(officerTerms.id, termId), isNull(officerTerms.voidedAt)))
      .returning({ role: officerTerms.role });
    if (!voided) {
      if ((await tx.$count(officerTerms, eq(officerTerms.id, termId))) === 0) throw new AppError("not_found");
      return { result: null, unchanged: true as const };
    }
    const target = { type: "officer_term", id: termId };
    return {
      result: null,
      audits: [auditEvent("officer_term.voided", { target, details: { officerRole: voided.role } })],
    };
  },
});
