import { and, eq, lt, sql } from "drizzle-orm";
import type { UserActor } from "@/lib/operation/actor";
import { isOpenSession } from "@/lib/access/sessions/session-limits";
import { hasPasskey, hasTotp, needsSecondFactor } from "@/lib/access/sign-in/second-factor-state";
import { log } from "@/lib/core/log";
import { database } from "@/lib/db/client";
import { onDatabase } from "@/lib/db/database-away";
import { sessions, userUnits, users, type SecondFactorKind } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";

export type SignedInUser = {
  actor: UserActor;
  name: string;
  locale: string;
  factors: SecondFactorKind[];
  /** Not of people who sign in at the provider only. */
  hasPassword: boolean;
  /** The session began at the provider of single sign-on, which can be asked for a fresh proof. */
  isSignedOn: boolean;
};

/**
 * Resolves a session to its user at each request, so that ending it, deactivating the user or changing a role or unit
 * takes effect at once. One indexed statement. Each use postpones the idle end; nothing waits for that to be written.
 * @returns null if the session ended, expired or was idle for too long, or its user is not active.
 * @throws AppError `database_unavailable`
 */
export async function resolveSession(sessionId: string): Promise<SignedInUser | null> {
  const [row] = await onDatabase(() => preparedSession().execute({ sessionId }));
  if (!row) return null;
  const { name, locale, isNeeded, isProvedElsewhere, hasTotp, hasPasskey, ssoOnly, isSignedOn, isUseDue, ...user } =
    row;
  if (isUseDue) recordUse(sessionId);
  const factors = [...(hasTotp ? (["totp"] as const) : []), ...(hasPasskey ? (["passkey"] as const) : [])];
  const mustEnrolSecondFactor = isNeeded && !isProvedElsewhere && factors.length === 0;
  const actor = { type: "user" as const, sessionId, ...user, mustEnrolSecondFactor };
  return { actor, name, locale, factors, hasPassword: !ssoOnly, isSignedOn };
}

let prepared: ReturnType<typeof prepareSession> | undefined;
const preparedSession = () => (prepared ??= prepareSession());

const aMinuteAgo = sql`now() - interval '1 minute'`;

function prepareSession() {
  const unitIds = sql<string[]>`coalesce((select array_agg(${userUnits.unitId}::text) from ${userUnits}
    where ${userUnits.userId} = ${users.id}), '{}')`;
  return database()
    .select({
      userId: users.id,
      role: users.role,
      name: users.name,
      locale: users.locale,
      mustChangePassword: users.mustChangePassword,
      ssoOnly: users.ssoOnly,
      isSignedOn: sql<boolean>`${sessions.ssoLoginId} is not null`,
      isNeeded: needsSecondFactor,
      // The provider asked for several factors: the portal needs no second one of its own.
      isProvedElsewhere: sql<boolean>`'sso_mfa' = any(${sessions.methods})`,
      hasTotp,
      hasPasskey,
      hasFreshProof: sql<boolean>`${sessions.provedAt} > now() - interval '10 minutes'`,
      unitIds,
      isUseDue: sql<boolean>`${sessions.lastUsedAt} < ${aMinuteAgo}`,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.id, sql.placeholder("sessionId")), isOpenSession(users.role), eq(users.active, true)))
    .prepare("resolve_session");
}

/** Writes the last use at most once a minute, also when many requests of a page come at once. */
function recordUse(sessionId: string): void {
  database()
    .update(sessions)
    .set({ lastUsedAt: transactionNow })
    .where(and(eq(sessions.id, sessionId), lt(sessions.lastUsedAt, aMinuteAgo), isOpenSession()))
    .catch((error: unknown) => log.warn({ error }, "the last use of a session could not be written"));
}
