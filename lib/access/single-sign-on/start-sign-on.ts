import { createHash, randomBytes } from "node:crypto";
import { lt, sql } from "drizzle-orm";
import * as client from "openid-client";
import { z } from "zod";
import { knownProvider, redirectAddress, ssoSettings } from "@/lib/access/single-sign-on/provider";
import { recorded } from "@/lib/access/single-sign-on/record-sign-on-refusal";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { env } from "@/lib/core/env";
import { ssoTries } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import type { OperationContext } from "@/lib/operation/actor";
import { command } from "@/lib/operation/operation";

/** How long a person may take at the provider. */
export const trySeconds = 10 * 60;

export const digestOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();

const random = () => randomBytes(32).toString("base64url");

export type StartedSignOn = {
  /** For the browser's cookie, which binds the answer to this browser. */
  cookie: string;
  /** Where the browser goes. */
  location: string;
};

/**
 * Starts a sign-in at the provider, or a fresh proof of who has the session.
 * @param returnTo the page to come back to, a path of the portal.
 * @throws AppError `sign_on_unavailable`
 */
export async function startSignOn(
  context: OperationContext,
  { returnTo = "/", sessionId = null }: { returnTo?: string; sessionId?: string | null },
): Promise<StartedSignOn> {
  const provider = await recorded(context, () => knownProvider());
  const [cookie, state, nonce] = [random(), random(), random()];
  const verifier = client.randomPKCECodeVerifier();
  await openTry(context, { cookie, state, nonce, verifier, returnTo, sessionId });
  const location = client.buildAuthorizationUrl(provider, {
    ...env().SSO_AUTHORIZATION_PARAMETERS,
    ...{ redirect_uri: redirectAddress(), scope: ssoSettings()!.scope, state, nonce },
    ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256" },
    ...(sessionId === null ? {} : { prompt: "login", max_age: "0" }),
  });
  return { cookie, location: location.href };
}

/** Remembers a try, and forgets those that expired. */
export const openTry = command({
  permission: "session:start",
  input: z.object({
    cookie: z.string().min(43),
    state: z.string().min(43),
    nonce: z.string().min(43),
    verifier: z.string().min(43),
    returnTo: z.string().startsWith("/"),
    sessionId: z.uuid().nullable(),
  }),
  audits: [],
  run: async ({ tx, input: { cookie, state, nonce, verifier, returnTo, sessionId } }) => {
    await tx.delete(ssoTries).where(lt(ssoTries.expiresAt, sql`now() - interval '1 hour'`));
    await tx.insert(ssoTries).values({
      cookieDigest: digestOf(cookie),
      stateDigest: digestOf(state),
      secrets: encryptField("sso_try.secrets", JSON.stringify({ nonce, verifier })),
      expiresAt: sql`${transactionNow} + make_interval(secs => ${trySeconds})`,
      ...{ returnTo, sessionId },
    });
    return { result: null, unchanged: true as const };
  },
});
