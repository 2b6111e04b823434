import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { subjectRequestDecisions, subjectRequestMatches, subjectRequestRights, subjectRequests } from "@/lib/db/schema";
import type { Locale } from "@/lib/i18n/locales";
import { query } from "@/lib/operation/operation";
import { approvers } from "@/lib/subject-requests/deciding/approvers";
import { includedOf } from "@/lib/subject-requests/decision-rows";
import { measuresOf } from "@/lib/subject-requests/deciding/measures";
import { rightOutcome, type DecidedItem } from "@/lib/subject-requests/deciding/right-outcome";
import { suggestedText } from "@/lib/subject-requests/deciding/suggested-text";
import type { RefusalCode } from "@/lib/subject-requests/refusals";
import { seesPerson } from "@/lib/subject-requests/request-facts";

/**
 * How far the decisions on each right of a request are, what may be decided of it, and who could approve: with nobody
 * but oneself, the desk says so before a request waits.
 */
export const readDecisions = query({
  permission: "subject-request:read",
  input: z.object({ requestId: z.uuid() }),
  run: async ({ db, actor, input: { requestId } }) => {
    const { id, right, state, outcome, scheduledFor } = subjectRequestRights;
    const processes = await db
      .select({ id, right, state, outcome, scheduledFor })
      .from(subjectRequestRights)
      .where(eq(subjectRequestRights.requestId, requestId))
      .orderBy(subjectRequestRights.dueUntil, id);
    const decisions = await db
      .select()
      .from(subjectRequestDecisions)
      .where(and(eq(subjectRequestDecisions.requestId, requestId), isNull(subjectRequestDecisions.endedAt)));
    const included = await db.$count(subjectRequestMatches, includedOf(requestId));
    const [request] = await db
      .select({ locale: subjectRequests.answerLocale })
      .from(subjectRequests)
      .where(eq(subjectRequests.id, requestId));
    const locale = (request?.locale ?? "pt-BR") as Locale;
    const mayApprove = await approvers(db);
    const others = mayApprove.filter((person) => actor.type !== "user" || person.id !== actor.userId);
    const rights = processes.map(async (process) => {
      const own = decisions.filter(({ processId }) => processId === process.id);
      const whole = own.find(({ recordingId }) => recordingId === null);
      const text = whole?.factEncrypted;
      const isSuggested = process.state === "analysing" && seesPerson(actor);
      const asked = { requestId, right: process.right, locale, included };
      return {
        ...process,
        ...measuresOf(process.right),
        whole: whole && {
          ground: whole.ground as RefusalCode | null,
          text: text && seesPerson(actor) ? decryptField("subject_request.decision_fact", text) : null,
        },
        suggested: isSuggested ? await suggestedText(db, asked) : null,
        decided: whole ? included : own.length,
        missing: whole ? 0 : Math.max(0, included - own.length),
        waiting: own.filter(({ doneAt }) => doneAt === null).length,
        expected: own.length === 0 ? null : rightOutcome(own as DecidedItem[]).outcome,
      };
    });
    return { rights: await Promise.all(rights), included, approvers: others.map(({ name }) => name) };
  },
});

export type Decisions = Awaited<ReturnType<typeof readDecisions>>;
export type DecidableRight = Decisions["rights"][number];
