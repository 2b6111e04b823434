import { and, eq, gte, inArray, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { currentController } from "@/lib/access/controller/controller-facts";
import { configuredChannels } from "@/lib/notifications/configured-channels";
import { daysBefore, none, type ControlGroup } from "@/lib/compliance/controls/control";
import {
  approvals,
  messages,
  subjectRequestAnswers,
  subjectRequestRights,
  subjectRequests,
  subjectRequestSharerTasks,
} from "@/lib/db/schema";
import { deadlines, lawLimit } from "@/lib/subject-requests/deadlines";
import { requestSettings } from "@/lib/subject-requests/request-settings";

const { isOpen, isUnproven } = subjectRequests;
const isQueued = and(eq(isOpen, true), eq(isUnproven, false));

/** Requests of the persons recorded: channel, deadlines, answers, recipients (LGPD Art. 9, 18, 19; Decree 11.034). */
export const rightsControls = {
  requests_on_time: none(
    ["LGPD, art. 18, § 5º", "LGPD, art. 19", "Decreto 11.034/2022, art. 12"],
    "requests",
    (now) => ({
      from: subjectRequests,
      where: and(isQueued, lt(subjectRequests.dueUntil, now)),
    }),
  ),
  requests_assigned: none(["LGPD, art. 41, § 2º, I"], "requests", (now) => ({
    from: subjectRequests,
    where: and(isQueued, isNull(subjectRequests.assigneeId), lt(subjectRequests.receivedAt, daysBefore(now, 2))),
  })),
  requests_closed: none(["LGPD, art. 6º, III"], "requests", (now) => ({
    from: subjectRequests,
    where: and(
      eq(isOpen, false),
      isNull(subjectRequests.closedAt),
      isNull(subjectRequests.emptiedAt),
      lt(subjectRequests.dueUntil, daysBefore(now, 90)),
    ),
  })),
  deadlines_of_law: {
    articles: ["LGPD, art. 19, II", "Res. CD/ANPD 2/2022, art. 14"],
    check: async ({ db }) => {
      const settings = await requestSettings(db);
      const longer = settings.changes.filter(({ right, days }) => {
        const limit = lawLimit(right, settings.isSmallAgent);
        return limit !== null && days > limit;
      });
      return { holds: longer.length === 0, evidence: { deadlines: deadlines(settings).length, found: longer.length } };
    },
  },
  public_channel: {
    articles: ["LGPD, art. 9º", "LGPD, art. 18, § 3º", "LGPD, art. 41, § 1º"],
    check: async ({ db }) => {
      const { facts } = await currentController(db);
      const channels = configuredChannels();
      const hasContact = facts.contactEmail !== null || facts.contactPhone !== null;
      return {
        holds: hasContact && channels.length > 0,
        evidence: { hasContact, email: channels.includes("email"), telephone: channels.some((one) => one !== "email") },
      };
    },
  },
  messages_delivered: none(["LGPD, art. 18, § 4º"], "messages", (now) => ({
    from: messages,
    where: and(inArray(messages.state, ["failed", "refused"]), gte(messages.createdAt, daysBefore(now, 30))),
  })),
  answers_signed: {
    articles: ["LGPD, art. 18, § 1º", "LGPD, art. 6º, X"],
    check: async ({ db, now }) => {
      const { requestId, id, state, answeredAt } = subjectRequestRights;
      const letter = sql`exists (select from ${subjectRequestAnswers}
        where ${subjectRequestAnswers.requestId} = ${requestId} and ${id} = any(${subjectRequestAnswers.processIds}))`;
      const [{ rights, found } = { rights: 0, found: 0 }] = await db
        .select({
          rights: sql<number>`count(*)::int`,
          found: sql<number>`(count(*) filter (where not ${letter}))::int`,
        })
        .from(subjectRequestRights)
        .innerJoin(subjectRequests, eq(subjectRequests.id, requestId))
        .where(
          and(
            gte(subjectRequests.receivedAt, daysBefore(now, 120)),
            inArray(state, ["answered", "closed"]),
            isNotNull(answeredAt),
          ),
        );
      return { holds: rights === 0 ? null : found === 0, evidence: { rights, found } };
    },
  },
  recipients_told: none(["LGPD, art. 18, § 6º"], "tasks", (now) => ({
    from: subjectRequestSharerTasks,
    where: and(
      isNull(subjectRequestSharerTasks.closedAt),
      isNull(subjectRequestSharerTasks.emptiedAt),
      lt(subjectRequestSharerTasks.createdAt, daysBefore(now, 5)),
    ),
  })),
  approvals_decided: none(["LGPD, art. 46", "LGPD, art. 50"], "approvals", (now) => ({
    from: approvals,
    where: and(eq(approvals.state, "pending"), lt(approvals.createdAt, daysBefore(now, 5))),
  })),
} satisfies ControlGroup;
