import { desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { pick } from "@/lib/core/pick";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestMatches, subjectRequestSearches, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { inView, matchViews, type MatchView } from "@/lib/subject-requests/finding/list-matches";

/** Somebody may search often; the page shows the last. */
const mostSearches = 50;

/** What was searched for a request, latest first, and how many recordings lie in each view of the list. */
export const readSearches = query({
  permission: "subject-request:read",
  input: z.object({ requestId: z.uuid() }),
  run: async ({ db, input: { requestId } }) => {
    const [searches, counts] = await Promise.all([searchesOf(db, requestId), countsOf(db, requestId)]);
    return { searches, counts };
  },
});

export type Searches = Awaited<ReturnType<typeof readSearches>>;

async function searchesOf(db: ReadDatabase, requestId: string) {
  const rows = await db
    .select({ search: subjectRequestSearches, searchedBy: users.name })
    .from(subjectRequestSearches)
    .innerJoin(users, eq(users.id, subjectRequestSearches.searchedById))
    .where(eq(subjectRequestSearches.requestId, requestId))
    .orderBy(desc(subjectRequestSearches.id))
    .limit(mostSearches);
  return rows.map(({ search, searchedBy }) => ({
    ...pick(search, "id", "periodFrom", "periodTo", "searchedFor", "stores", "createdAt"),
    searchedBy,
  }));
}

async function countsOf(db: ReadDatabase, requestId: string): Promise<Record<MatchView, number>> {
  const columns = matchViews.map(
    (view) => [view, sql<number>`count(*) filter (where ${inView(view)})::integer`] as const,
  );
  const [counts] = await db
    .select(Object.fromEntries(columns) as Record<MatchView, (typeof columns)[number][1]>)
    .from(subjectRequestMatches)
    .where(eq(subjectRequestMatches.requestId, requestId));
  return counts!;
}
