import type { JobActor } from "@/lib/operation/actor";
import { jobContext } from "@/lib/operation/job-context";
import { eq } from "drizzle-orm";
import { encode } from "next-auth/jwt";
import type { Role, UserActor } from "@/lib/operation/actor";
import { hashPassword } from "@/lib/access/sign-in/passwords";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { sessionCookieName } from "@/lib/http/session/session-cookie";
import { database } from "@/lib/db/client";
import { units, users, userUnits } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { createApiKey } from "@/lib/access/service-accounts/create-api-key";
import { giveSecondFactor, hasSecondFactorByDefault, startProvedSession } from "./second-factor";
import { createServiceAccount } from "@/lib/access/service-accounts/create-service-account";

export const knownPassword = "jabuticaba-no-telhado-7";

let passwordHash: Promise<string> | undefined;

export const anonymous = (): OperationContext => ({
  actor: { type: "anonymous" },
  requestId: newId(),
  ipAddress: null,
});
export const job = (name: JobActor["name"] = "reconcile"): OperationContext => jobContext(name);
/** The installation's own administrator, for operations that require one. */
export const operator = (): OperationContext => ({
  actor: { type: "user", userId: newId(), role: "admin", unitIds: [], sessionId: newId(), hasFreshProof: true },
  requestId: newId(),
  ipAddress: null,
});

export type Account = { userId: string; email: string };

/**
 * Inserts a user with `knownPassword` who has not signed in; administrators and DPO have an authenticator app. Another
 * test covers the creation of users.
 */
export async function account(
  role: Role,
  unitIds: string[] = [],
  columns: Partial<typeof users.$inferInsert> = {},
): Promise<Account> {
  const userId = newId();
  const email = `${userId}@empresa.example`;
  await database()
    .insert(users)
    .values({
      id: userId,
      email,
      name: `Pessoa ${role}`,
      role,
      passwordHash: await (passwordHash ??= hashPassword(knownPassword)),
      ...columns,
    });
  if (unitIds.length > 0)
    await database()
      .insert(userUnits)
      .values(unitIds.map((unitId) => ({ userId, unitId })));
  if (hasSecondFactorByDefault(role)) await giveSecondFactor(userId);
  return { userId, email };
}

/** A signed-in user: the browser's cookie, and the headers that a page of the portal sends with it. */
export type SignedIn = Account & {
  sessionId: string;
  cookie: string;
  headers: Record<string, string>;
  context: () => Promise<OperationContext & { actor: UserActor }>;
};

/** A user with this role, signed in a moment ago. */
export async function signedInAs(role: Role, unitIds: string[] = []): Promise<SignedIn> {
  return signIn(await account(role, unitIds));
}

/** One more session of the same user. */
export async function signIn(who: Account): Promise<SignedIn> {
  const { sessionId } = await startProvedSession(who.userId);
  const cookie = await sessionCookie(sessionId);
  const headers = { cookie, origin: new URL(env().NEXTAUTH_URL).origin, "sec-fetch-site": "same-origin" };
  const context = async () => ({
    actor: (await resolveSession(sessionId))!.actor,
    requestId: newId(),
    ipAddress: null,
  });
  return { ...who, sessionId, cookie, headers, context };
}

/** The cookie that next-auth sets for a session. */
export async function sessionCookie(sessionId: string): Promise<string> {
  return `${sessionCookieName()}=${await encode({ token: { sid: sessionId }, secret: env().NEXTAUTH_SECRET })}`;
}

export type ServiceAccount = {
  serviceAccountId: string;
  apiKeyId: string;
  apiKey: string;
  headers: Record<string, string>;
  context: () => OperationContext;
};

/** Creates a phone system with an API key. */
export async function serviceAccount(): Promise<ServiceAccount> {
  const { serviceAccountId } = await createServiceAccount(operator(), { name: `Central ${newId()}` });
  const { apiKeyId, apiKey } = await createApiKey(operator(), { serviceAccountId });
  const context = () => ({
    actor: { type: "service" as const, serviceAccountId, apiKeyId },
    requestId: newId(),
    ipAddress: null,
  });
  return { serviceAccountId, apiKeyId, apiKey, headers: { authorization: `Bearer ${apiKey}` }, context };
}

export async function unit(): Promise<{ unitId: string; code: string }> {
  const unitId = newId();
  const code = `u-${unitId}`;
  await database()
    .insert(units)
    .values({ id: unitId, code, name: `Unidade ${code}`, timeZone: "America/Sao_Paulo" });
  return { unitId, code };
}

export async function changeUser(userId: string, columns: Partial<typeof users.$inferInsert>): Promise<void> {
  await database().update(users).set(columns).where(eq(users.id, userId));
}
