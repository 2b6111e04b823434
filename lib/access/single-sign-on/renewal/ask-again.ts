import { ResponseBodyError, WWWAuthenticateChallengeError, refreshTokenGrant, skipSubjectCheck } from "openid-client";
import type { Configuration } from "openid-client";
import { readUserinfo, type Claims, type ProviderTokens } from "@/lib/access/single-sign-on/ask-provider";
import { subjectDigest } from "@/lib/access/single-sign-on/people/identities";
import { knownProvider } from "@/lib/access/single-sign-on/provider";
import { readProviderError } from "@/lib/access/single-sign-on/provider-errors";
import type { OpenLogin } from "@/lib/access/single-sign-on/renewal/read-login";
import type { SignOnCode } from "@/lib/access/single-sign-on/sign-on-codes";

/**
 * What the provider says of a person now. `known`: with all claims, or `claims: null` where it said too little to read
 * the role from. `gone`: it no longer honours the tokens. `failed`: it, or our settings, did not work.
 */
export type Answer =
  | { state: "known"; claims: Claims; hasIdToken: boolean; tokens: ProviderTokens }
  | { state: "gone" }
  | { state: "failed"; code: SignOnCode };

/** Asks the provider again. Only its own "no longer" ends anybody: no answer, or a wrong one, is a failure. */
export async function askAgain(login: OpenLogin): Promise<Answer> {
  try {
    const provider = await knownProvider();
    // The settings name another provider now, which does not know these people.
    if (provider.serverMetadata().issuer !== login.issuer) return { state: "gone" };
    const { claims, subject, ...answer } = await renew(provider, login.tokens);
    const isSame = typeof subject !== "string" || subjectDigest(login.issuer, subject).equals(login.subjectDigest);
    return isSame ? { state: "known", claims, ...answer } : { state: "gone" };
  } catch (error) {
    if (isGone(error)) return { state: "gone" };
    return { state: "failed", code: readProviderError(error, "exchange").code };
  }
}

async function renew(provider: Configuration, tokens: ProviderTokens) {
  if ("accessToken" in tokens) {
    const claims = await readUserinfo(provider, tokens.accessToken, skipSubjectCheck);
    return { claims, subject: claims.sub, hasIdToken: false, tokens };
  }
  const renewed = await refreshTokenGrant(provider, tokens.refreshToken);
  const idToken = renewed.claims();
  const userinfo = await readUserinfo(provider, renewed.access_token, idToken?.sub ?? skipSubjectCheck);
  const claims: Claims = { ...userinfo, ...idToken };
  const refreshToken = renewed.refresh_token ?? tokens.refreshToken;
  return { claims, subject: claims.sub, hasIdToken: idToken !== undefined, tokens: { refreshToken } };
}

/** `invalid_grant` of the token endpoint (RFC 6749, 5.2), `invalid_token` of userinfo (RFC 6750, 3.1). */
function isGone(error: unknown): boolean {
  if (error instanceof ResponseBodyError) return error.error === "invalid_grant";
  if (!(error instanceof WWWAuthenticateChallengeError)) return false;
  return error.cause.some(({ parameters }) => parameters.error === "invalid_token");
}
