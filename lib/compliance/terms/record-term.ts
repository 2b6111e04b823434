import { singleLine } from "@/lib/core/text-input";
import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { overlap, validTerms } from "@/lib/compliance/terms/officer-terms";
import { AppError } from "@/lib/core/errors";
import { calendarDay, today } from "@/lib/core/time";
import { officerTerms } from "@/lib/db/schema";
import { officerRoles } from "@/lib/db/schema/governance";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const line = z
  .string()
  .transform((text) => text.normalize("NFC").trim().replaceAll(/\s+/g, " "))
  .pipe(singleLine(200, 3));

const termInput = z
  .object({
    termId: z.uuid(),
    role: z.enum(officerRoles),
    name: line,
    act: line,
    signedOn: calendarDay.refine((day) => day <= today(), "in_the_future"),
    startsOn: calendarDay,
    endsOn: z.union([z.literal("").transform(() => null), calendarDay]).nullable(),
  })
  .superRefine(({ startsOn, endsOn }, context) => {
    if (endsOn !== null && endsOn < startsOn)
      context.addIssue({ code: "custom", path: ["endsOn"], message: "before_start" });
  });

/**
 * Records who is encarregado or substitute, by which act (written, dated, signed: Res. CD/ANPD 18/2024) and from when.
 * The form sends its id: a form that is sent twice records one term.
 * @throws AppError `invalid_input` if another person has the office on one of its days.
 */
export const recordTerm = command({
  permission: "register:write",
  input: termInput,
  audits: ["officer_term.recorded"],
  run: async ({ tx, actor, input: { termId: id, ...term } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia officer terms'))`);
    const [same] = await tx.select({ id: officerTerms.id }).from(officerTerms).where(eq(officerTerms.id, id));
    if (same) return { result: null, unchanged: true as const };
    if ((await validTerms(tx)).some((other) => overlap(other, term)))
      throw new AppError("invalid_input", "overlaps a term", { fields: [{ path: "startsOn", reason: "overlaps" }] });
    await tx.insert(officerTerms).values({ id, ...term, recordedById: actor.userId });
    const { role: officerRole, startsOn, endsOn } = term;
    const target = { type: "officer_term", id };
    return {
      result: null,
      audits: [auditEvent("officer_term.recorded", { target, details: { officerRole, startsOn, endsOn } })],
    };
  },
});
