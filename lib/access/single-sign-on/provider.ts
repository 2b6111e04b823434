import { createRemoteJWKSet, type JWTVerifyGetKey } from "jose";
import * as client from "openid-client";
import { readProviderError } from "@/lib/access/single-sign-on/provider-errors";
import { SignOnRefusal } from "@/lib/access/single-sign-on/sign-on-codes";
import { env } from "@/lib/core/env";
import { processWide } from "@/lib/core/process-wide";

/** The provider of the settings. */
export type SsoSettings = { issuer: string; clientId: string; clientSecret: string; scope: string };

const defaultScopes = ["openid", "profile", "email"];

/** Null: single sign-on is not set up. */
export function ssoSettings(): SsoSettings | null {
  const { SSO_ISSUER, SSO_CLIENT_ID, SSO_CLIENT_SECRET, SSO_SCOPES = defaultScopes } = env();
  if (!SSO_ISSUER || !SSO_CLIENT_ID || !SSO_CLIENT_SECRET) return null;
  return { issuer: SSO_ISSUER, clientId: SSO_CLIENT_ID, clientSecret: SSO_CLIENT_SECRET, scope: SSO_SCOPES.join(" ") };
}

/** Where the provider sends people back to. */
export const redirectAddress = () => `${new URL(env().NEXTAUTH_URL).origin}/api/sso/callback`;

/** Where the provider sends its logout tokens. */
export const logoutAddress = () => `${new URL(env().NEXTAUTH_URL).origin}/api/sso/back-channel-logout`;

const keptMs = 10 * 60_000;

const answerSeconds = 5;

type Known = { key: string; until: number; provider: Promise<client.Configuration> };

const holder = processWide as { custodiaSsoProvider?: Known };

/**
 * The provider as its discovery document describes it, read at most every ten minutes; its keys live as long. Requests
 * at once share one answer, and a failure is not kept.
 * @throws SignOnRefusal `not_configured`, `provider_unavailable`, `discovery_issuer`
 */
export async function knownProvider(now = Date.now()): Promise<client.Configuration> {
  const settings = ssoSettings();
  if (!settings) throw new SignOnRefusal("not_configured");
  const key = JSON.stringify(settings);
  const known = holder.custodiaSsoProvider;
  if (known && known.key === key && known.until > now) return known.provider;
  const fresh: Known = { key, until: now + keptMs, provider: discover(settings) };
  holder.custodiaSsoProvider = fresh;
  fresh.provider.catch(() => {
    if (holder.custodiaSsoProvider === fresh) holder.custodiaSsoProvider = undefined;
  });
  return fresh.provider;
}

const keySets = new WeakMap<client.Configuration, JWTVerifyGetKey>();

/**
 * The public keys of a provider that `knownProvider` returned. They are read once, and again for an unknown key at most
 * every 30 seconds: a stranger's tokens cannot make the portal ask the provider at will.
 * @throws SignOnRefusal `provider_unavailable`: its discovery document names no keys
 */
export function keysOf(provider: client.Configuration): JWTVerifyGetKey {
  const address = provider.serverMetadata().jwks_uri;
  if (!address) throw new SignOnRefusal("provider_unavailable");
  const known =
    keySets.get(provider) ?? createRemoteJWKSet(new URL(address), { timeoutDuration: answerSeconds * 1000 });
  keySets.set(provider, known);
  return known;
}

async function discover({ issuer, clientId, clientSecret }: SsoSettings): Promise<client.Configuration> {
  const isLoopback = issuer.startsWith("http:");
  const found = await client
    .discovery(new URL(issuer), clientId, {}, client.None(), {
      timeout: answerSeconds,
      // Settings accept http on loopback only.
      execute: isLoopback ? [client.allowInsecureRequests] : [],
    })
    .catch((error: unknown) => {
      throw readProviderError(error, "discovery");
    });
  const metadata = found.serverMetadata();
  // The library lets Microsoft's hosts name another issuer. Nobody else is compared with: letter by letter.
  if (metadata.issuer !== issuer) throw new SignOnRefusal("discovery_issuer");
  const methods = metadata.token_endpoint_auth_methods_supported;
  const isBasic = methods === undefined || methods.includes("client_secret_basic");
  const secret = isBasic ? client.ClientSecretBasic(clientSecret) : client.ClientSecretPost(clientSecret);
  const provider = new client.Configuration(metadata, clientId, clientSecret, secret);
  provider.timeout = answerSeconds;
  if (isLoopback) client.allowInsecureRequests(provider);
  client.enableNonRepudiationChecks(provider);
  return provider;
}
