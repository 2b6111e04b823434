import { sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { isPastDate } from "@/lib/retention/is-due";
import { isHeld } from "@/lib/retention/may-be-deleted";

/** Recordings past their date or half deleted at `now`: what a run has to do, or has left. */
export async function countDue(db: ReadDatabase, now = new Date()): Promise<number> {
  const counting = (condition: ReturnType<typeof sql>) => db.select({ count: sql<number>`count(*)::int` }).from(recordings).where(condition);
  const [[pastDate], [deleting]] = await Promise.all([counting(isPastDate(now)), counting(sql`${recordings.state} = 'deleting'`)]);
  return pastDate!.count + deleting!.count;
}

/** Recordings past their date at `now` that a legal hold keeps. */
export async function countHeld(db: ReadDatabase, now: Date): Promise<number> {
  const [held] = await db.select({ count: sql<number>`count(*)::int` }).from(recordings).where(sql`${isPastDate(now)} and ${isHeld()}`);
  return held!.count;
}
