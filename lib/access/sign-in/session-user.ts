import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { UserActor } from "@/lib/operation/actor";
import { database } from "@/lib/db/client";
import { sessions, userUnits, users } from "@/lib/db/schema";

export type SignedInUser = { actor: UserActor; name: string; locale: string };

/**
 * Resolves a session to its user at each request, so that ending it, deactivating the user or changing a role or unit
 * takes effect at once. One indexed statement.
 * @returns null if the session ended or expired, or its user is not active.
 */
export async function resolveSession(sessionId: string): Promise<SignedInUser | null> {
  const [row] = await preparedSession().execute({ sessionId });
  if (!row) return null;
  const { userId, role, name, locale, mustChangePassword } = row;
  return { actor: { type: "user", userId, role, unitIds: row.unitIds, sessionId, mustChangePassword }, name, locale };
}

let prepared: ReturnType<typeof prepareSession> | undefined;
const preparedSession = () => (prepared ??= prepareSession());

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
      unitIds,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.id, sql.placeholder("sessionId")),
        isNull(sessions.endedAt),
        gt(sessions.expiresAt, sql`now()`),
        eq(users.active, true),
      ),
    )
    .prepare("resolve_session");
}
