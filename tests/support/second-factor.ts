import { generate } from "otplib";
import { eq, sql } from "drizzle-orm";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { secondFactorAttempts, sessions, totpFactors } from "@/lib/db/schema";
import { issueSignInTicket } from "@/lib/access/sign-in/sign-in-ticket";
import { startSessionByTicket } from "@/lib/access/sign-in/start-session-by-ticket";
import type { Role } from "@/lib/operation/actor";

/** The secret of every authenticator app that `giveSecondFactor` sets up. */
export const knownTotpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/** The code of an app now, or `steps` of 30 seconds later. */
export const codeOf = (secret = knownTotpSecret, steps = 0): Promise<string> =>
  generate({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 });

/** An authenticator app, as somebody has who enrolled it before. */
export async function giveSecondFactor(userId: string): Promise<void> {
  const secretEncrypted = encryptField("user.totp_secret", knownTotpSecret);
  await database().insert(totpFactors).values({ id: newId(), userId, secretEncrypted, confirmedAt: new Date() });
}

/** Whether a role's people have a second factor in the tests by default: those who always need one. */
export const hasSecondFactorByDefault = (role: Role): boolean => role === "admin" || role === "dpo";

/** A session that began with password and code. Another test covers these steps. */
export async function startProvedSession(userId: string): Promise<{ sessionId: string; userId: string }> {
  const token = await database().transaction((tx) => issueSignInTicket(tx, { userId, methods: ["password", "totp"] }));
  const context = { actor: { type: "anonymous" as const }, requestId: newId(), ipAddress: null };
  return startSessionByTicket(context, { token });
}

/** Makes a wait after wrong codes an hour longer, so that a slow test does not outlast it. */
export async function prolongWait(userId: string): Promise<void> {
  await database()
    .update(secondFactorAttempts)
    .set({ lockedUntil: sql`${secondFactorAttempts.lockedUntil} + interval '1 hour'` })
    .where(eq(secondFactorAttempts.userId, userId));
}

/** Makes the last proof of a session older than ten minutes. */
export async function makeProofStale(sessionId: string): Promise<void> {
  await database()
    .update(sessions)
    .set({ provedAt: new Date(Date.now() - 11 * 60_000) })
    .where(eq(sessions.id, sessionId));
}
