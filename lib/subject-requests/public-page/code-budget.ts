import { eq, lt, sql } from "drizzle-orm";
import { env } from "@/lib/core/env";
import { localDateTime } from "@/lib/core/time";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { subjectRequestCodeCounts } from "@/lib/db/schema";
import { requestSettings } from "@/lib/subject-requests/request-settings";

/**
 * Takes one code by SMS or call from the day's budget, whose row is locked until `tx` ends. `last`: it was the last one
 * of the day; `none`: none was left.
 */
export async function takeCodeBudget(tx: Transaction): Promise<"taken" | "last" | "none"> {
  const budget = env().PUBLIC_CODES_PER_DAY;
  if (budget === 0) return "none";
  const { day, sent } = subjectRequestCodeCounts;
  const [row] = await tx
    .insert(subjectRequestCodeCounts)
    .values({ day: await dayOf(tx), sent: 1 })
    .onConflictDoUpdate({ target: day, set: { sent: sql`${sent} + 1` }, setWhere: lt(sent, budget) })
    .returning({ sent });
  if (!row) return "none";
  return row.sent === budget ? "last" : "taken";
}

/** Whether today's budget is used up. Health checks ask. */
export async function isCodeBudgetUsed(db: ReadDatabase): Promise<boolean> {
  const budget = env().PUBLIC_CODES_PER_DAY;
  const { day, sent } = subjectRequestCodeCounts;
  const [row] = await db
    .select({ sent })
    .from(subjectRequestCodeCounts)
    .where(eq(day, await dayOf(db)));
  return budget > 0 && (row?.sent ?? 0) >= budget;
}

const dayOf = async (db: ReadDatabase) => localDateTime(new Date(), (await requestSettings(db)).timeZone).slice(0, 10);
