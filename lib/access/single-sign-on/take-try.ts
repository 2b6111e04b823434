import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { refusedSignOn } from "@/lib/access/single-sign-on/record-sign-on-refusal";
import { digestOf } from "@/lib/access/single-sign-on/start-sign-on";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { ssoTries } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { command } from "@/lib/operation/operation";

export type TakenTry = {
  nonce: string;
  verifier: string;
  returnTo: string;
  /** With a fresh proof: the session that it is for. */
  sessionId: string | null;
  startedAt: Date;
};

/**
 * Takes the try of a browser's cookie, once, whatever follows. Only the state that was sent with it is accepted.
 * @throws AppError `sign_on_refused`: `try_unknown`, `try_used`, `try_expired`, `state_mismatch`
 */
export const takeTry = command({
  permission: "session:start",
  input: z.object({ cookie: z.string().max(100).nullable(), state: z.string().max(1000).nullable() }),
  audits: ["single_sign_on.refused"],
  run: async ({ tx, input: { cookie, state } }) => {
    if (!cookie) return refusedSignOn("try_unknown");
    const [found] = await tx
      .select({
        isUsed: sql<boolean>`${ssoTries.usedAt} is not null`,
        isExpired: sql<boolean>`${ssoTries.expiresAt} <= now()`,
        stateDigest: ssoTries.stateDigest,
        secrets: ssoTries.secrets,
        returnTo: ssoTries.returnTo,
        sessionId: ssoTries.sessionId,
        startedAt: ssoTries.createdAt,
      })
      .from(ssoTries)
      .where(eq(ssoTries.cookieDigest, digestOf(cookie)))
      .for("update");
    if (!found) return refusedSignOn("try_unknown");
    if (found.isUsed) return refusedSignOn("try_used");
    await tx
      .update(ssoTries)
      .set({ usedAt: transactionNow })
      .where(eq(ssoTries.cookieDigest, digestOf(cookie)));
    if (found.isExpired) return refusedSignOn("try_expired");
    if (!state || !digestOf(state).equals(found.stateDigest)) return refusedSignOn("state_mismatch");
    const secrets = JSON.parse(decryptField("sso_try.secrets", found.secrets)) as Pick<TakenTry, "nonce" | "verifier">;
    const { returnTo, sessionId, startedAt } = found;
    return { result: { ...secrets, returnTo, sessionId, startedAt } satisfies TakenTry, unchanged: true as const };
  },
});
