import { and, isNull, lt, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { ssoLogins } from "@/lib/db/schema";

/** Whether the provider has said nothing for half an hour about somebody who is signed in. It ends nobody. */
export async function isSignOnUnconfirmed(db: ReadDatabase): Promise<boolean> {
  const late = and(isNull(ssoLogins.endedAt), lt(ssoLogins.confirmedAt, sql`now() - interval '30 minutes'`));
  return (await db.$count(ssoLogins, late)) > 0;
}
