import { and, eq, gte, isNull, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import { issuePasswordLink } from "@/lib/access/password-links/password-link";
import { accountDigest } from "@/lib/access/sessions/account-mail";
import { mailToPerson } from "@/lib/access/sessions/account-message";
import { maySignInLocally } from "@/lib/access/sign-in/local-sign-in";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { passwordLinks, users } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const input = z.object({
  purpose: z.enum(["reset", "failures"]),
  /** Keyed digest of an e-mail address, in hexadecimal digits. */
  account: z.string().regex(/^[0-9a-f]{64}$/),
  /** When somebody asked for it. A link that was issued since then answers it. */
  requestedAt: z.date(),
});

/**
 * Mails the active person with this address, who may sign in with a password, a link for a new one or a warning; does
 * nothing without one.
 */
export const sendAccountMail = command({
  permission: "account:maintain",
  input,
  audits: ["account.reset_requested", "account.failures_reported"],
  run: async ({ tx, input: { purpose, account, requestedAt } }) => {
    const userId = await findPerson(tx, account);
    const target = userId && { type: "user", id: userId };
    if (!target) return { result: null, unchanged: true as const };
    if (purpose === "reset") {
      if (await wasAnswered(tx, userId, requestedAt)) return { result: null, unchanged: true as const };
      await issuePasswordLink(tx, { userId, purpose: "reset" });
      return { result: null, audits: [auditEvent("account.reset_requested", { target })] };
    }
    if (!(await takeWarning(tx, userId))) return { result: null, unchanged: true as const };
    const page = new URL("/settings", env().NEXTAUTH_URL).href;
    await mailToPerson(tx, { userId, template: "sign_in_failures", about: newId() }, () => ({ page }));
    return { result: null, audits: [auditEvent("account.failures_reported", { target })] };
  },
});

/** Digests cannot be searched for in a column of addresses: there are few people, so all are compared. */
async function findPerson(tx: Transaction, account: string): Promise<string | null> {
  const people = await tx
    .select({ id: users.id, email: users.email, breakGlass: users.breakGlass })
    .from(users)
    .where(and(eq(users.active, true), eq(users.ssoOnly, false)));
  const person = people.find(({ email }) => accountDigest(email.toLowerCase()) === account);
  return person && (await maySignInLocally(tx, person)) ? person.id : null;
}

async function wasAnswered(tx: Transaction, userId: string, requestedAt: Date): Promise<boolean> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for("no key update");
  const { createdAt, purpose } = passwordLinks;
  const isAnswer = and(eq(passwordLinks.userId, userId), eq(purpose, "reset"), gte(createdAt, requestedAt));
  return (await tx.$count(passwordLinks, isAnswer)) > 0;
}

/** One warning a day. */
async function takeWarning(tx: Transaction, userId: string): Promise<boolean> {
  const { id, signInWarnedAt } = users;
  const isDue = or(isNull(signInWarnedAt), lt(signInWarnedAt, sql`now() - interval '1 day'`));
  const taken = await tx
    .update(users)
    .set({ signInWarnedAt: transactionNow })
    .where(and(eq(id, userId), isDue))
    .returning({ id });
  return taken.length > 0;
}
