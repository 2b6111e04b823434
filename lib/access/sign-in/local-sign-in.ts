import { and, eq, ne } from "drizzle-orm";
import { env } from "@/lib/core/env";
import type { ReadDatabase } from "@/lib/db/client";
import { singleSignOn, users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";

/** Whether only break-glass people sign in with what the portal itself knows. Never without a provider. */
export async function isLocalSignInOff(db: ReadDatabase): Promise<boolean> {
  if (env().SSO_ISSUER === undefined) return false;
  return (await db.$count(singleSignOn, eq(singleSignOn.localSignIn, false))) > 0;
}

/** Tells whether this person may sign in without the provider: while local sign-in is off, break-glass accounts may. */
export async function maySignInLocally(db: ReadDatabase, user: { breakGlass: boolean }): Promise<boolean> {
  return user.breakGlass || !(await isLocalSignInOff(db));
}

/** Administrators who can sign in with their own password if the provider is away. */
export const fitBreakGlass = and(
  ...[eq(users.breakGlass, true), eq(users.role, "admin"), eq(users.active, true)],
  ...[eq(users.mustChangePassword, false), eq(users.ssoOnly, false)],
);

/**
 * Refuses to take away the last break-glass person while local sign-in is off.
 * @throws AppError `break_glass_needed`
 */
export async function keepBreakGlass(db: ReadDatabase, user: { id: string; breakGlass: boolean }): Promise<void> {
  if (!user.breakGlass || !(await isLocalSignInOff(db))) return;
  const others = await db.$count(users, and(fitBreakGlass, ne(users.id, user.id)));
  if (others === 0) throw new AppError("break_glass_needed", "the last break-glass person");
}
