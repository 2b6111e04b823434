import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { ProviderTokens } from "@/lib/access/single-sign-on/ask-provider";
import { roleOfClaims } from "@/lib/access/single-sign-on/claims/role-of-claims";
import { readRules } from "@/lib/access/single-sign-on/claims/rule-rows";
import { applyRole } from "@/lib/access/single-sign-on/people/apply-role";
import { createPerson } from "@/lib/access/single-sign-on/people/create-person";
import type { FoundAccount } from "@/lib/access/single-sign-on/people/found-account";
import { findIdentity, sessionDigest, subjectDigest } from "@/lib/access/single-sign-on/people/identities";
import { linkAccount } from "@/lib/access/single-sign-on/people/link-account";
import { refusedSignOn } from "@/lib/access/single-sign-on/record-sign-on-refusal";
import { checkEveryMs } from "@/lib/access/single-sign-on/logins/check-interval";
import { unusablePasswordHash } from "@/lib/access/password-links/unusable-password";
import { issueSignInTicket } from "@/lib/access/sign-in/sign-in-ticket";
import { lockUser } from "@/lib/access/users/user-rows";
import { emailInput } from "@/lib/access/users/user-input";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { singleSignOn, ssoLogins, users } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";

const input = z.object({
  issuer: z.string().min(1).max(2000),
  subject: z.string().min(1).max(255),
  sid: z.string().max(1000).nullable(),
  email: z.string().max(1000).nullable(),
  isEmailVerified: z.boolean(),
  name: z.string().max(1000).nullable(),
  claims: z.record(z.string(), z.unknown()),
  /** The provider says that it asked for more than one factor. */
  provedByFactors: z.boolean(),
  tokens: z.custom<ProviderTokens>(),
});

type Admitting = z.output<typeof input>;

/** Nobody knows the password that this is the hash of. */
let noPassword: Promise<string> | undefined;

/**
 * Lets in a person whom the provider described: finds, links or creates the account, gives it the role and units of the
 * claims, and issues a ticket for the session. Without a matching row of the table nothing is created.
 * @throws AppError `sign_on_refused`
 */
export const admitPerson = command({
  permission: "single-sign-on:admit",
  input,
  audits: [
    ...(["user.created", "user.updated", "single_sign_on.linked"] as const),
    ...(["single_sign_on.role_kept", "single_sign_on.refused"] as const),
  ],
  prepare: () => (noPassword ??= unusablePasswordHash()),
  run: async ({ tx, input: person, prepared: passwordHash }) => {
    const digest = subjectDigest(person.issuer, person.subject);
    // Two first sign-ins of one person create one account.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`sso ${digest.toString("hex")}`}))`);
    const known = await findIdentity(tx, person.issuer, digest);
    const granted = roleOfClaims(await readRules(tx), person.claims);
    if (!granted) return refusedSignOn("no_rule", known?.userId);
    const found = known
      ? { userId: known.userId, identityId: known.id, events: [] }
      : await findOrCreate(tx, person, { digest, passwordHash, granted });
    if ("code" in found) return refusedSignOn(found.code);
    const user = await lockUser(tx, found.userId);
    if (!user.active) return refusedSignOn("account_inactive", user.id);
    if (user.breakGlass) return refusedSignOn("account_break_glass", user.id);
    const { role, events } = await applyRole(tx, user, granted, user.ssoOnly ? person.name : null);
    if (role === "admin") await tx.update(singleSignOn).set({ provenIssuer: person.issuer, provenAt: transactionNow });
    const ticket = await issueTicket(tx, { ...found, person });
    const [first, ...others] = [...found.events, ...events];
    const result = { ticket, userId: user.id };
    return first ? { result, audits: [first, ...others] as const } : { result, unchanged: true as const };
  },
});

type New = Parameters<typeof createPerson>[2];

/** An account with the person's verified e-mail is linked if it may be; without one the person is created. */
async function findOrCreate(tx: Transaction, person: Admitting, given: New): Promise<FoundAccount> {
  const email = emailInput.safeParse(person.email ?? "");
  if (!email.success || !person.isEmailVerified) return { code: "email_unverified" };
  const [account] = await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.data));
  return account
    ? linkAccount(tx, { userId: account.id, issuer: person.issuer, ...given })
    : createPerson(tx, { ...person, email: email.data }, given);
}

/** The sign-in at the provider that the session will depend on, its ticket, and the first time to ask again. */
async function issueTicket(tx: Transaction, signIn: { userId: string; identityId: string; person: Admitting }) {
  const { userId, identityId, person } = signIn;
  const loginId = newId();
  await tx.insert(ssoLogins).values({
    id: loginId,
    ...{ userId, identityId },
    sidDigest: person.sid === null ? null : sessionDigest(person.issuer, person.sid),
    tokens: encryptField("sso_login.tokens", JSON.stringify(person.tokens)),
    confirmedAt: transactionNow,
  });
  const runAt = sql`${transactionNow} + make_interval(secs => ${checkEveryMs / 1000})`;
  await enqueueJob(tx, { kind: "sign_on_check", key: loginId, payload: { loginId }, runAt });
  return issueSignInTicket(tx, { userId, methods: [person.provedByFactors ? "sso_mfa" : "sso"], ssoLoginId: loginId });
}
