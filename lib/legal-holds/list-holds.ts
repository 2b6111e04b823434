import { singleLine } from "@/lib/core/text-input";
import { and, eq, exists, isNotNull, isNull, lt, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { keysetReading } from "@/lib/db/keyset-reading";
import { pageFields } from "@/lib/core/page-input";
import { today } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import { approvals, legalHoldRecordings, legalHolds, users } from "@/lib/db/schema";
import { contains } from "@/lib/db/text-search";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { holdScope } from "@/lib/recordings/hold-scope";
import { query } from "@/lib/operation/operation";

/**
 * `review_due`: in force and past its review date. `release_requested`: in force, and a second person is asked. The
 * filter `in_force` selects all three.
 */
export const holdStates = ["in_force", "review_due", "release_requested", "released"] as const;
export type HoldState = (typeof holdStates)[number];

/** Filters that live in the address. */
export const holdFilters = z.object({ state: z.enum(holdStates).optional(), ownerId: z.uuid().optional() });

const input = holdFilters.extend({
  /** Part of the matter, without case and accents. It may name people, so it is posted and never in an address. */
  matter: singleLine(200, 0).optional(),
  ...pageFields(100, 50),
});

/** One page of the holds that the actor may see, the latest first. */
export const listHolds = query({
  permission: "legal-hold:list",
  input,
  run: async ({ db, actor, input: request }) => {
    const { id, matter, reviewOn, createdAt, releasedAt, ownerId } = legalHolds;
    const reading = keysetReading({ sort: createdAt, id }, request);
    const rows = await db
      .select({
        id,
        matter,
        reviewOn,
        createdAt,
        releasedAt,
        owner: users.name,
        recordings: countOf(db),
        isPlacing: sql<boolean>`${legalHolds.placement} is not null`,
        releaseRequested: sql<boolean>`${askedToRelease(db)}`,
      })
      .from(legalHolds)
      .innerJoin(users, eq(users.id, ownerId))
      .where(
        and(
          holdScope(actor),
          stateCondition(db, request.state),
          request.ownerId ? eq(ownerId, request.ownerId) : undefined,
          request.matter ? contains(matter, request.matter) : undefined,
          reading.where,
        ),
      )
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    const described = rows.map(({ releaseRequested, ...row }) => ({
      ...row,
      state: holdState({ ...row, releaseRequested }),
    }));
    return keysetPage(described, request, (row) => ({ value: row.createdAt.toISOString(), id: row.id }));
  },
});

export type HoldPage = Awaited<ReturnType<typeof listHolds>>;
export type HoldRow = HoldPage["rows"][number];

export function holdState({
  releasedAt,
  reviewOn,
  releaseRequested,
}: {
  releasedAt: Date | null;
  reviewOn: string;
  releaseRequested: boolean;
}): HoldState {
  if (releasedAt !== null) return "released";
  if (releaseRequested) return "release_requested";
  return reviewOn < today() ? "review_due" : "in_force";
}

/** Recordings that it keeps, or kept until its release. */
function countOf(db: ReadDatabase) {
  return sql<number>`${db
    .select({ count: sql<number>`count(*)::int` })
    .from(legalHoldRecordings)
    .where(eq(legalHoldRecordings.holdId, legalHolds.id))}`.mapWith(Number);
}

function askedToRelease(db: ReadDatabase): SQL {
  return exists(
    db
      .select({ found: sql`1` })
      .from(approvals)
      .where(
        sql`${approvals.kind} = 'hold_release' and ${approvals.subjectId} = ${legalHolds.id}
          and ${approvals.state} = 'pending'`,
      ),
  );
}

function stateCondition(db: ReadDatabase, state: HoldState | undefined): SQL {
  const { releasedAt, reviewOn } = legalHolds;
  if (state === undefined) return sql`true`;
  if (state === "released") return isNotNull(releasedAt);
  if (state === "release_requested") return and(isNull(releasedAt), askedToRelease(db))!;
  return state === "review_due" ? and(isNull(releasedAt), lt(reviewOn, today()))! : isNull(releasedAt);
}
