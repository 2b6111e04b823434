import { and, asc, desc, eq, isNotNull, ne, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { subjectRequestIdentifiers, subjectRequestRights, subjectRequests } from "@/lib/db/schema";
import type { IdentifierKind, ProcessState, RequestRight } from "@/lib/db/schema/subject-request-words";
import { query } from "@/lib/operation/operation";

const mostShown = 20;

const own = alias(subjectRequestIdentifiers, "own");
const other = alias(subjectRequestIdentifiers, "other");

/**
 * Other requests that name the same number, CPF, protocol, reference or e-mail, latest first, those that nobody
 * proved last: duplicates, and what the person asked before. It proves nothing of who asks: several people may use one
 * number.
 */
export const listRelatedRequests = query({
  permission: "subject-request:read",
  input: z.object({ requestId: z.uuid() }),
  run: async ({ db, input: { requestId } }) => {
    const { id, protocol, receivedAt, timeZone, isOpen, isUnproven } = subjectRequests;
    const rights = sql<{ right: RequestRight; state: ProcessState }[]>`(
      select json_agg(json_build_object('right', right_code, 'state', state) order by due_until, id)
      from ${subjectRequestRights} where request_id = ${subjectRequests}.id)`;
    return db
      .select({
        ...{ id, protocol, receivedAt, timeZone, isOpen, isUnproven, rights },
        kinds: sql<IdentifierKind[]>`array_agg(distinct ${other.kind})`,
      })
      .from(own)
      .innerJoin(other, and(eq(other.valueIndex, own.valueIndex), ne(other.requestId, own.requestId)))
      .innerJoin(subjectRequests, eq(id, other.requestId))
      .where(and(eq(own.requestId, requestId), isNotNull(own.valueIndex), isNotNull(other.valueIndex)))
      .groupBy(id)
      .orderBy(asc(isUnproven), desc(receivedAt), desc(id))
      .limit(mostShown);
  },
});

export type RelatedRequest = Awaited<ReturnType<typeof listRelatedRequests>>[number];
