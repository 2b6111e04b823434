import { and, isNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { checkEveryMs } from "@/lib/access/single-sign-on/logins/check-interval";
import { ssoLogins, ssoLogoutTokens, ssoTries } from "@/lib/db/schema";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";

/** Longer than a logout token is accepted. */
const keptLogoutTokens = sql`interval '1 day'`;

/** Enqueues the checks that are due and were lost, and forgets old tries and used logout tokens. */
export const enqueueSignOnChecks = command({
  permission: "single-sign-on:renew",
  input: z.object({}),
  audits: [],
  run: async ({ tx }) => {
    const due = await tx
      .select({ id: ssoLogins.id })
      .from(ssoLogins)
      .where(
        and(
          isNull(ssoLogins.endedAt),
          lt(ssoLogins.confirmedAt, sql`now() - make_interval(secs => ${checkEveryMs / 1000})`),
        ),
      )
      .limit(1000);
    await enqueueMissingJobs(
      tx,
      due.map(({ id }) => ({ kind: "sign_on_check" as const, key: id, payload: { loginId: id } })),
    );
    await tx.delete(ssoTries).where(lt(ssoTries.expiresAt, sql`now() - interval '1 hour'`));
    await tx.delete(ssoLogoutTokens).where(lt(ssoLogoutTokens.createdAt, sql`now() - ${keptLogoutTokens}`));
    return { result: null, unchanged: true as const };
  },
});
