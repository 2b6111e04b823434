import { and, eq, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import { sessionDigest, subjectDigest } from "@/lib/access/single-sign-on/people/identities";
import { refusedSignOn } from "@/lib/access/single-sign-on/record-sign-on-refusal";
import { endLogins } from "@/lib/access/single-sign-on/logins/end-logins";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { ssoIdentities, ssoLogins, ssoLogoutTokens } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const name = z.string().min(1).max(1000).nullable();

/**
 * Ends the sign-ins that a verified logout token names: of the provider's session, or all of the subject. Each token
 * works once.
 * @throws AppError `sign_on_refused`: `logout_token_used`
 */
export const endByLogoutToken = command({
  permission: "single-sign-on:log-out",
  input: z.object({ issuer: z.string(), jti: z.string().min(1).max(1000), sub: name, sid: name }),
  audits: ["single_sign_on.ended", "single_sign_on.refused"],
  run: async ({ tx, input: { issuer, jti, sub, sid } }) => {
    const jtiDigest = blindIndex("sso_logout_token", `${issuer}\0${jti}`);
    const first = await tx.insert(ssoLogoutTokens).values({ jtiDigest }).onConflictDoNothing().returning();
    if (first.length === 0) return refusedSignOn("logout_token_used");
    const ofIssuer = tx.select({ id: ssoIdentities.id }).from(ssoIdentities);
    const named = and(
      eq(ssoIdentities.issuer, issuer),
      sub === null ? undefined : eq(ssoIdentities.subjectDigest, subjectDigest(issuer, sub)),
    );
    const which = and(
      inArray(ssoLogins.identityId, ofIssuer.where(named)),
      sid === null ? undefined : eq(ssoLogins.sidDigest, sessionDigest(issuer, sid)),
      isNull(ssoLogins.endedAt),
    )!;
    const [login] = await tx.select({ userId: ssoLogins.userId }).from(ssoLogins).where(which).limit(1);
    if (!login) return { result: null, unchanged: true as const };
    const details = { endedBy: "logout", sessionsEnded: await endLogins(tx, which) };
    const target = { type: "user", id: login.userId };
    return { result: null, audits: [auditEvent("single_sign_on.ended", { target, details })] };
  },
});
