import { eq, sql } from "drizzle-orm";
import { endPasswordLinks } from "@/lib/access/password-links/password-link";
import { endSessions } from "@/lib/access/sessions/end-sessions";
import type { FoundAccount } from "@/lib/access/single-sign-on/people/found-account";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { singleSignOn, ssoIdentities, users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";

/** Roles whose accounts are linked only if an administrator said so for this very account. */
const guardedRoles = ["admin", "dpo"];

/**
 * Links an existing account to a subject whose verified e-mail it has: if an administrator allowed it for the account,
 * or for the issuer and the account is neither of an administrator nor of the DPO. A temporary password that nobody
 * changed is replaced by one that nobody knows, and an invitation ends.
 */
export async function linkAccount(
  tx: Transaction,
  { userId, issuer, digest, passwordHash }: { userId: string; issuer: string; digest: Buffer; passwordHash: string },
): Promise<FoundAccount> {
  const [account] = await tx
    .select({
      role: users.role,
      active: users.active,
      breakGlass: users.breakGlass,
      mustChangePassword: users.mustChangePassword,
      isAllowed: sql<boolean>`coalesce(${users.ssoLinkUntil} > now(), false)`,
    })
    .from(users)
    .where(eq(users.id, userId))
    .for("no key update");
  if (!account) return { code: "account_exists" };
  if (account.breakGlass) return { code: "account_break_glass" };
  const mayLink = account.isAllowed || (!guardedRoles.includes(account.role) && (await isLinking(tx, issuer)));
  if (!mayLink) return { code: "account_exists" };
  if (!account.active) return { code: "account_inactive" };
  const identityId = newId();
  const linked = await tx
    .insert(ssoIdentities)
    .values({ id: identityId, userId, issuer, subjectDigest: digest })
    .onConflictDoNothing()
    .returning({ id: ssoIdentities.id });
  // The account belongs to another subject of this issuer.
  if (linked.length === 0) return { code: "account_exists" };
  const withoutPassword = account.mustChangePassword ? { ssoOnly: true, mustChangePassword: false, passwordHash } : {};
  await tx
    .update(users)
    .set({ ssoLinkUntil: null, ...withoutPassword })
    .where(eq(users.id, userId));
  if (account.mustChangePassword) {
    await endPasswordLinks(tx, userId, "replaced");
    // A session of the temporary password may do nothing else than change it; now it would be a whole one.
    await endSessions(tx, userId);
  }
  const details = { linkedBy: account.isAllowed ? "administrator" : "email" };
  const linkedEvent = auditEvent("single_sign_on.linked", { target: { type: "user", id: userId }, details });
  return { userId, identityId, events: [linkedEvent] };
}

async function isLinking(tx: Transaction, issuer: string): Promise<boolean> {
  return (await tx.$count(singleSignOn, eq(singleSignOn.linkingIssuer, issuer))) > 0;
}
