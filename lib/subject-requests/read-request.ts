import { asc, desc, eq } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { pick } from "@/lib/core/pick";
import type { ReadDatabase } from "@/lib/db/client";
import {
  subjectRequestEvents,
  subjectRequestIdentifiers,
  subjectRequestMandates,
  subjectRequestRights,
  subjectRequests,
  users,
} from "@/lib/db/schema";
import type { Actor } from "@/lib/operation/actor";
import { query } from "@/lib/operation/operation";
import { isAllowed } from "@/lib/operation/permissions";
import { coveredIdentifiers } from "@/lib/subject-requests/covered-identifiers";
import { personOf, seesPerson } from "@/lib/subject-requests/request-facts";
import { presentIdentifier } from "@/lib/subject-requests/request-identifiers";
import { provedAddresses } from "@/lib/subject-requests/public-page/sent-codes";
import { requiredLevel, rightOf } from "@/lib/subject-requests/rights";
import { isEnded, mayTake, steps } from "@/lib/subject-requests/transitions";

const assignee = alias(users, "assignee");
const registrar = alias(users, "registrar");

/** A request has few events; of one that was reopened for years the page shows the last. */
const mostEvents = 500;

/**
 * One request for its page: who asks for what, the clock of each right and the steps it may take, and what happened.
 * @throws AppError `not_found`.
 */
export const readRequest = query({
  permission: "subject-request:read",
  input: z.object({ requestId: z.uuid() }),
  run: async ({ db, actor, input: { requestId } }) => {
    const [row] = await db
      .select({ request: subjectRequests, assignee: assignee.name, registeredBy: registrar.name })
      .from(subjectRequests)
      .leftJoin(assignee, eq(assignee.id, subjectRequests.assigneeId))
      .leftJoin(registrar, eq(registrar.id, subjectRequests.registeredById))
      .where(eq(subjectRequests.id, requestId));
    if (!row) throw new AppError("not_found", "no such request");
    const { request, ...names } = row;
    const [rights, identifiers, mandates, events] = await Promise.all([
      rightsOf(db, request),
      identifiersOf(db, requestId, actor),
      mandatesOf(db, requestId),
      eventsOf(db, requestId, actor),
    ]);
    const lists = { rights, identifiers, mandates, events };
    return { ...factsOf(request), ...names, ...personOf(request, actor), ...lists, ...mayOf(actor) };
  },
});

export type RequestDetails = Awaited<ReturnType<typeof readRequest>>;

const factsOf = (request: typeof subjectRequests.$inferSelect) =>
  pick(
    request,
    "id",
    "protocol",
    "channel",
    "requester",
    "receivedAt",
    "timeZone",
    "createdAt",
    "periodFrom",
    "periodTo",
    "answerChannel",
    "answerForm",
    "answerLocale",
    "orderedDueOn",
    "identityLevel",
    "isUnproven",
    "assigneeId",
    "isOpen",
    "dueUntil",
    "closedAt",
    "emptiedAt",
  );

const mayOf = (actor: Actor) => ({ mayWork: isAllowed(actor, "subject-request:work"), seesPerson: seesPerson(actor) });

async function rightsOf(db: ReadDatabase, request: typeof subjectRequests.$inferSelect) {
  const rows = await db
    .select()
    .from(subjectRequestRights)
    .where(eq(subjectRequestRights.requestId, request.id))
    .orderBy(asc(subjectRequestRights.dueUntil), asc(subjectRequestRights.id));
  return rows.map((row) => ({
    ...row,
    article: rightOf(row.right).article,
    requiredLevel: requiredLevel(row.right, request.requester),
    /** Whether the law or practice gives this right to whoever asks. If not, counsel decides. */
    isForRequester: rightOf(row.right).requesters.includes(request.requester),
    isEnded: isEnded(row.state),
    steps: steps.filter((step) => mayTake(step, row.state)),
  }));
}

async function identifiersOf(db: ReadDatabase, requestId: string, actor: Actor) {
  const rows = await db
    .select()
    .from(subjectRequestIdentifiers)
    .where(eq(subjectRequestIdentifiers.requestId, requestId))
    .orderBy(asc(subjectRequestIdentifiers.id));
  const [proved, covered] = [await provedAddresses(db, requestId), await coveredIdentifiers(db, requestId)];
  return rows.map((row) => ({
    ...pick(row, "id", "kind", "readAs", "changedHands"),
    /** Whether a person entered a code that went to it. Others of the request may be of other people. */
    isProved: proved.has(row.id),
    /** Nobody proved that it is of the person: a search leaves it out. Addresses are never searched. */
    isLeftOut: row.kind !== "email" && !covered.has(row.id),
    /** Whether recordings can be found by it exactly. */
    findsRecordings: row.valueIndex !== null,
    value: presentIdentifier(row, seesPerson(actor)),
  }));
}

/** The documents of a representative; of those that are gone, what stays. */
async function mandatesOf(db: ReadDatabase, ofRequest: string) {
  const { id, mediaType, sizeBytes, createdAt, purgedAt, requestId } = subjectRequestMandates;
  return db
    .select({ id, mediaType, sizeBytes, createdAt, purgedAt })
    .from(subjectRequestMandates)
    .where(eq(requestId, ofRequest))
    .orderBy(asc(id));
}

async function eventsOf(db: ReadDatabase, requestId: string, actor: Actor) {
  const rows = await db
    .select({ event: subjectRequestEvents, right: subjectRequestRights.right })
    .from(subjectRequestEvents)
    .leftJoin(subjectRequestRights, eq(subjectRequestRights.id, subjectRequestEvents.processId))
    .where(eq(subjectRequestEvents.requestId, requestId))
    .orderBy(desc(subjectRequestEvents.id))
    .limit(mostEvents);
  const names = await namesOf(db, requestId);
  return rows.toReversed().map(({ event, right }) => ({
    ...pick(event, "id", "kind", "stateFrom", "stateTo", "createdAt", "actorType"),
    right,
    actor: event.actorId && (names.get(event.actorId) ?? null),
    reason:
      event.reasonEncrypted && seesPerson(actor) ? decryptField("subject_request.reason", event.reasonEncrypted) : null,
  }));
}

/** The people who did something to the request. */
async function namesOf(db: ReadDatabase, requestId: string): Promise<Map<string, string>> {
  const rows = await db
    .selectDistinct({ id: users.id, name: users.name })
    .from(subjectRequestEvents)
    .innerJoin(users, eq(users.id, subjectRequestEvents.actorId))
    .where(eq(subjectRequestEvents.requestId, requestId));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
