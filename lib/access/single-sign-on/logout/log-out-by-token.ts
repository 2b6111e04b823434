import { errors, jwtVerify, type JWTPayload } from "jose";
import { endByLogoutToken } from "@/lib/access/single-sign-on/logout/end-by-logout-token";
import { keysOf, knownProvider, ssoSettings } from "@/lib/access/single-sign-on/provider";
import { recorded } from "@/lib/access/single-sign-on/record-sign-on-refusal";
import { SignOnRefusal } from "@/lib/access/single-sign-on/sign-on-codes";
import type { OperationContext } from "@/lib/operation/actor";

/** Failures of reading the keys, not of the token. */
const ofKeys = ["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"];

const event = "http://schemas.openid.net/event/backchannel-logout";

/** Signatures with a key that the portal does not have, too: a shared secret proves nothing. */
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** A token is for at once: an older one could be repeated after its `jti` is forgotten. */
const longestAge = "10 minutes";

/**
 * Ends the sign-ins that a logout token of the provider names (OpenID Connect Back-Channel Logout 1.0, 2.4 to 2.6).
 * @throws AppError `sign_on_refused`, `sign_on_unavailable`
 */
export async function logOutByToken(context: OperationContext, token: string): Promise<void> {
  const claims = await recorded(context, () => verifyLogoutToken(token));
  await endByLogoutToken(context, claims);
}

/** `sid`, `sub` or both name whom to end. */
type LogoutClaims = { issuer: string; jti: string; sub: string | null; sid: string | null };

async function verifyLogoutToken(token: string): Promise<LogoutClaims> {
  const provider = await knownProvider();
  const { issuer } = provider.serverMetadata();
  const verified = await jwtVerify(token, keysOf(provider), {
    ...{ issuer, audience: ssoSettings()!.clientId, typ: "logout+jwt", algorithms, maxTokenAge: longestAge },
    ...{ requiredClaims: ["iat", "jti", "events"], clockTolerance: 30 },
  }).catch((cause: unknown) => {
    const isOurs = cause instanceof errors.JOSEError && !ofKeys.includes(cause.code);
    throw new SignOnRefusal(isOurs ? "logout_token_invalid" : "provider_unavailable", { cause });
  });
  return readClaims(verified.payload, issuer);
}

function readClaims(payload: JWTPayload, issuer: string): LogoutClaims {
  const { jti, sub = null, sid = null, events } = payload as Record<string, unknown>;
  const isEvent = typeof events === "object" && events !== null && isObject((events as Record<string, unknown>)[event]);
  const isNamed = [sub, sid].every((name) => name === null || isText(name)) && (sub !== null || sid !== null);
  if (!isEvent || !isNamed || !isText(jti) || "nonce" in payload) throw new SignOnRefusal("logout_token_invalid");
  return { issuer, jti, sub: sub as string | null, sid: sid as string | null };
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value !== "" && value.length <= 1000;
