import { and, eq, gte, or, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestLimits } from "@/lib/db/schema";
import { isCodeBudgetUsed } from "@/lib/subject-requests/public-page/code-budget";
import { formLimits, limitKey } from "@/lib/subject-requests/public-page/public-limits";

/** Limits of the whole installation that are used up: people are turned away until the hour or the day is over. */
export const installationLimits = ["form_limit_used", "code_budget_used"] as const;
export type InstallationLimit = (typeof installationLimits)[number];

/** Those that are used up now. An address that sent too much is no concern of the whole. */
export async function usedLimits(db: ReadDatabase): Promise<InstallationLimit[]> {
  const used = { form_limit_used: await isFormLimitUsed(db), code_budget_used: await isCodeBudgetUsed(db) };
  return installationLimits.filter((limit) => used[limit]);
}

async function isFormLimitUsed(db: ReadDatabase): Promise<boolean> {
  const { keyDigest, taken, windowEndsAt } = subjectRequestLimits;
  const used = [formLimits.proved.installation, formLimits.unproved.installation].map((limit) =>
    and(eq(keyDigest, limitKey(limit)), gte(taken, limit.most)),
  );
  return (await db.$count(subjectRequestLimits, and(or(...used), sql`${windowEndsAt} > now()`))) > 0;
}
