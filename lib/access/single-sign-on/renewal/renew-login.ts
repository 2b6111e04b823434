import { and, eq, isNull, ne } from "drizzle-orm";
import { z } from "zod";
import type { ProviderTokens } from "@/lib/access/single-sign-on/ask-provider";
import { namesClaim, roleOfClaims } from "@/lib/access/single-sign-on/claims/role-of-claims";
import { readRules } from "@/lib/access/single-sign-on/claims/rule-rows";
import { applyRole } from "@/lib/access/single-sign-on/people/apply-role";
import { endLogins } from "@/lib/access/single-sign-on/logins/end-logins";
import { endSessions } from "@/lib/access/sessions/end-sessions";
import { lockUser } from "@/lib/access/users/user-rows";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import type { Transaction } from "@/lib/db/client";
import { ssoLogins } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { enqueueJobs } from "@/lib/jobs/enqueue-job";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const answer = z.discriminatedUnion("state", [
  z.object({
    state: z.literal("known"),
    claims: z.record(z.string(), z.unknown()),
    hasIdToken: z.boolean(),
    tokens: z.custom<ProviderTokens>(),
  }),
  z.object({ state: z.literal("gone") }),
]);

/**
 * Writes what the provider said of a person. No longer known: this sign-in ends, and the person's others are asked
 * about at once. No row of the table matches: all sessions of the person end. Otherwise role and units follow the
 * claims.
 * @param confirmedAt as it was read before asking. If another process renewed meanwhile, nothing is written.
 */
export const renewLogin = command({
  permission: "single-sign-on:renew",
  input: z.object({ loginId: z.uuid(), confirmedAt: z.date(), answer }),
  audits: ["single_sign_on.ended", "user.updated"],
  run: async ({ tx, input: { loginId, confirmedAt, answer: given } }) => {
    const isSame = and(eq(ssoLogins.id, loginId), eq(ssoLogins.confirmedAt, confirmedAt), isNull(ssoLogins.endedAt));
    const find = () => tx.select({ userId: ssoLogins.userId }).from(ssoLogins).where(isSame);
    const [found] = await find();
    const user = found && (await lockUser(tx, found.userId));
    // Once more: another process may have written while this one waited for the lock.
    if (!user || (await find()).length === 0) return { result: { isOpen: false }, unchanged: true as const };
    const target = { type: "user", id: user.id };
    if (given.state === "gone") {
      const sessionsEnded = await endLogins(tx, isSame!);
      await askAboutOthers(tx, user.id, loginId);
      const details = { endedBy: "dismissed", sessionsEnded };
      return { result: { isOpen: false }, audits: [auditEvent("single_sign_on.ended", { target, details })] };
    }
    const tokens = encryptField("sso_login.tokens", JSON.stringify(given.tokens));
    const renewed = await tx.update(ssoLogins).set({ tokens, confirmedAt: transactionNow }).where(isSame).returning();
    if (renewed.length === 0) return { result: { isOpen: false }, unchanged: true as const };
    const rules = await readRules(tx);
    const result = { isOpen: true };
    // Without an ID token the claims of the table may be missing because userinfo never has them.
    if (!given.hasIdToken && !namesClaim(rules, given.claims)) return { result, unchanged: true as const };
    const granted = roleOfClaims(rules, given.claims);
    if (!granted) {
      const atProvider = await endLogins(tx, eq(ssoLogins.userId, user.id));
      const details = { endedBy: "no_rule", sessionsEnded: atProvider + (await endSessions(tx, user.id)) };
      return { result: { isOpen: false }, audits: [auditEvent("single_sign_on.ended", { target, details })] };
    }
    const changes = (await applyRole(tx, user, granted, null)).events.filter(({ action }) => action === "user.updated");
    const [changed] = changes;
    return changed
      ? { result, audits: [changed as ReturnType<typeof auditEvent<"user.updated">>] }
      : { result, unchanged: true as const };
  },
});

/** The provider is asked at once about the other sign-ins of a person of whom it forgot one. */
async function askAboutOthers(tx: Transaction, userId: string, loginId: string): Promise<void> {
  const others = await tx
    .select({ id: ssoLogins.id })
    .from(ssoLogins)
    .where(and(eq(ssoLogins.userId, userId), ne(ssoLogins.id, loginId), isNull(ssoLogins.endedAt)));
  await enqueueJobs(
    tx,
    others.map(({ id }) => ({ kind: "sign_on_check" as const, key: id, payload: { loginId: id } })),
  );
}
