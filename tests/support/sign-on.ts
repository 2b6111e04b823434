import { decode } from "next-auth/jwt";
import { asc, eq } from "drizzle-orm";
import { addRule } from "@/lib/access/single-sign-on/settings/add-rule";
import { removeRule } from "@/lib/access/single-sign-on/settings/remove-rule";
import { sessionCookieName } from "@/lib/http/session/session-cookie";
import { database } from "@/lib/db/client";
import { env } from "@/lib/core/env";
import { auditEvents, ssoRules, users } from "@/lib/db/schema";
import type { Role } from "@/lib/operation/actor";
import { startIdentityProvider } from "./identity-provider";
import { operator } from "./people";
import { SignOnBrowser } from "./sign-on-browser";

export const portalOrigin = "http://127.0.0.1:1";

/** The provider, with the portal of this file set up for it. Call it before anything reads the environment. */
export async function portalWithProvider(options: { logoutAddress?: string } = {}) {
  const provider = await startIdentityProvider(portalOrigin, options);
  Object.assign(process.env, provider.settings);
  return provider;
}

export const rule = (value: string, role: Role, unitIds: string[] = [], claim = "roles") =>
  addRule(operator(), { claim, value, role, unitIds });

/** Leaves exactly the usual row for each role. */
export async function usualRules(): Promise<void> {
  for (const { id } of await database().select({ id: ssoRules.id }).from(ssoRules))
    await removeRule(operator(), { ruleId: id });
  for (const role of ["admin", "dpo", "auditor"] as const) await rule(`custodia-${role}`, role);
}

/** Signs in as whom the provider knows now. @returns the session's id and user. */
export async function sessionBySignOn(browser = new SignOnBrowser()) {
  const { refused } = await browser.signOn();
  if (refused) throw new Error(`refused: ${refused}`);
  const { cookies, error } = await browser.handOver();
  if (error) throw new Error(`refused at the ticket: ${error}`);
  const token = await decode({ token: cookies[sessionCookieName()]!, secret: env().NEXTAUTH_SECRET });
  return { browser, sessionId: token!.sid as string };
}

export async function userOf(email: string) {
  const [user] = await database().select().from(users).where(eq(users.email, email));
  return user;
}

/** Codes of the refusals that the log has. */
export async function refusals(): Promise<unknown[]> {
  const rows = await database()
    .select({ details: auditEvents.details })
    .from(auditEvents)
    .where(eq(auditEvents.action, "single_sign_on.refused"))
    .orderBy(asc(auditEvents.id));
  return rows.map(({ details }) => details.signOnCode);
}
