import { and, eq, not, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { ofCallsWith } from "@/lib/recordings/call-rows";

const { source, sourceCallId, state } = recordings;
const calls = sql<number>`count(distinct (${source}, ${sourceCallId}))::int`;

/** The number of calls that the recordings under a condition are of. */
export async function countCalls(db: ReadDatabase | Transaction, condition: SQL): Promise<number> {
  const [counts] = await db.select({ calls }).from(recordings).where(condition);
  return counts!.calls;
}

/** How many of the calls of which `selected` finds a recording have other stored ones, which stay. */
export const countPartlyKept = (db: ReadDatabase, selected: SQL): Promise<number> =>
  countCalls(db, and(eq(state, "stored"), ofCallsWith(selected), not(selected))!);
