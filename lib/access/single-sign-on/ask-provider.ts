import * as client from "openid-client";
import { knownProvider, redirectAddress } from "@/lib/access/single-sign-on/provider";
import { readProviderError } from "@/lib/access/single-sign-on/provider-errors";
import { SignOnRefusal } from "@/lib/access/single-sign-on/sign-on-codes";
import { trySeconds } from "@/lib/access/single-sign-on/start-sign-on";
import type { TakenTry } from "@/lib/access/single-sign-on/take-try";
import { env } from "@/lib/core/env";

export type Claims = Record<string, unknown>;

/** To ask the provider again: the refresh token, or, without one, the access token for as long as it lives. */
export type ProviderTokens = { refreshToken: string } | { accessToken: string };

/** A person as the provider describes them, every signature and claim of the protocol checked. */
export type ProvidedPerson = {
  issuer: string;
  subject: string;
  /** The provider's session. */
  sid: string | null;
  email: string | null;
  isEmailVerified: boolean;
  name: string | null;
  /** All claims of the ID token and of userinfo; the ID token's come first. */
  claims: Claims;
  /** The provider says that it asked for more than one factor. */
  provedByFactors: boolean;
  tokens: ProviderTokens;
};

/** As the library tolerates. */
const clockToleranceSeconds = 30;

/**
 * Exchanges the provider's answer for tokens and reads who signed in.
 * @param answer the query of the callback.
 * @throws SignOnRefusal
 */
export async function askProvider(taken: TakenTry, answer: URLSearchParams): Promise<ProvidedPerson> {
  const provider = await knownProvider();
  checkResponseIssuer(provider, answer);
  const url = new URL(redirectAddress());
  url.search = answer.toString();
  try {
    const tokens = await client.authorizationCodeGrant(provider, url, {
      expectedState: answer.get("state") ?? "",
      expectedNonce: taken.nonce,
      pkceCodeVerifier: taken.verifier,
      idTokenExpected: true,
      ...(taken.sessionId === null ? {} : { maxAge: trySeconds }),
    });
    const idToken = tokens.claims()!;
    if (taken.sessionId !== null) checkFreshness(taken, idToken);
    const userinfo = await readUserinfo(provider, tokens.access_token, idToken.sub);
    const { refresh_token: refreshToken, access_token: accessToken } = tokens;
    return describePerson(idToken, userinfo, refreshToken === undefined ? { accessToken } : { refreshToken });
  } catch (error) {
    throw readProviderError(error, "exchange");
  }
}

/** The provider asked the person since the try began: `max_age` alone would let through who signed in before it. */
function checkFreshness({ startedAt }: TakenTry, { auth_time: askedAt }: client.IDToken): void {
  const began = startedAt.getTime() / 1000 - clockToleranceSeconds;
  if (typeof askedAt !== "number" || askedAt < began) throw new SignOnRefusal("proof_stale");
}

/** RFC 9207: who answered, compared wherever it is sent. */
function checkResponseIssuer(provider: client.Configuration, answer: URLSearchParams): void {
  const { issuer, authorization_response_iss_parameter_supported: isPromised } = provider.serverMetadata();
  const given = answer.getAll("iss");
  if (given.length > 1 || given.some((iss) => iss !== issuer)) throw new SignOnRefusal("response_issuer");
  if (isPromised && given.length === 0) throw new SignOnRefusal("response_issuer");
}

/** Providers without this endpoint put all they say into the ID token. */
export async function readUserinfo(
  provider: client.Configuration,
  accessToken: string,
  subject: string | typeof client.skipSubjectCheck,
): Promise<Claims> {
  if (!provider.serverMetadata().userinfo_endpoint) return {};
  return { ...(await client.fetchUserInfo(provider, accessToken, subject)) };
}

function describePerson(idToken: client.IDToken, userinfo: Claims, tokens: ProviderTokens): ProvidedPerson {
  const claims: Claims = { ...userinfo, ...idToken };
  // E-mail and its verification come from one place.
  const source = typeof idToken.email === "string" ? (idToken as Claims) : userinfo;
  const verified = source[env().SSO_EMAIL_VERIFIED_CLAIM];
  return {
    issuer: idToken.iss,
    subject: idToken.sub,
    sid: text(idToken.sid),
    email: text(source.email),
    isEmailVerified: verified === true || verified === "true" || verified === 1 || verified === "1",
    name: text(claims.name) ?? ([text(claims.given_name), text(claims.family_name)].filter(Boolean).join(" ") || null),
    claims,
    provedByFactors: isProvedByFactors(idToken),
    tokens,
  };
}

/**
 * Whether the ID token says that the person proved several factors: `amr` has "mfa" (RFC 8176), or `acr` is one of the
 * provider's names for that. Userinfo says nothing of a sign-in.
 */
function isProvedByFactors({ amr, acr }: client.IDToken): boolean {
  if (Array.isArray(amr) && amr.includes("mfa")) return true;
  return typeof acr === "string" && env().SSO_MFA_ACR.includes(acr);
}

const text = (value: unknown): string | null => (typeof value === "string" && value.trim() !== "" ? value : null);
