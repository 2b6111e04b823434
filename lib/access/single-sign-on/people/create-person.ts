import type { Granted } from "@/lib/access/single-sign-on/claims/role-of-claims";
import type { FoundAccount } from "@/lib/access/single-sign-on/people/found-account";
import { personNameInput } from "@/lib/access/users/user-input";
import { replaceUserUnits } from "@/lib/access/users/user-rows";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { ssoIdentities, users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";

/** The name of a person, or what stands before the @ of the e-mail if the provider gave none that is fit. */
export function fitName(name: string | null, email: string): string {
  const given = personNameInput.safeParse((name ?? "").slice(0, 120));
  return given.success ? given.data : email.split("@")[0]!.slice(0, 120);
}

/** Creates a person at the first sign-in, without a password of their own, with the role and units of the claims. */
export async function createPerson(
  tx: Transaction,
  { issuer, email, name }: { issuer: string; email: string; name: string | null },
  { digest, passwordHash, granted }: { digest: Buffer; passwordHash: string; granted: Granted },
): Promise<FoundAccount> {
  const { role, unitIds } = granted;
  const row = { id: newId(), email, name: fitName(name, email), role, passwordHash, ssoOnly: true };
  const created = await tx.insert(users).values(row).onConflictDoNothing().returning({ id: users.id });
  if (created.length === 0) return { code: "account_exists" };
  await replaceUserUnits(tx, row.id, unitIds);
  const identityId = newId();
  await tx.insert(ssoIdentities).values({ id: identityId, userId: row.id, issuer, subjectDigest: digest });
  const target = { type: "user", id: row.id };
  const events = [
    auditEvent("user.created", { target, details: { role, unitIds } }),
    auditEvent("single_sign_on.linked", { target, details: { linkedBy: "created" } }),
  ];
  return { userId: row.id, identityId, events };
}
