import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { calendarDay } from "@/lib/core/time";
import { officerTerms } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Says the last day of a term that has no end yet. The same day again changes nothing.
 * @throws AppError `not_found`; `conflict` if it has another end; `invalid_input` for a day before its first.
 */
export const endTerm = command({
  permission: "register:write",
  input: z.object({ termId: z.uuid(), endsOn: calendarDay }),
  audits: ["officer_term.ended"],
  run: async ({ tx, input: { termId, endsOn } }) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia officer terms'))`);
    const isThis = and(eq(officerTerms.id, termId), isNull(officerTerms.voidedAt));
    const [term] = await tx.select().from(officerTerms).where(isThis);
    if (!term) throw new AppError("not_found");
    if (term.endsOn === endsOn) return { result: null, unchanged: true as const };
    if (term.endsOn !== null) throw new AppError("conflict", "the term has an end already");
    if (endsOn < term.startsOn)
      throw new AppError("invalid_input", "ends before it starts", {
        fields: [{ path: "endsOn", reason: "before_start" }],
      });
    await tx.update(officerTerms).set({ endsOn }).where(isThis);
    const target = { type: "officer_term", id: termId };
    const details = { officerRole: term.role, endsOn };
    return { result: null, audits: [auditEvent("officer_term.ended", { target, details })] };
  },
});
