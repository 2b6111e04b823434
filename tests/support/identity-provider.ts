import { createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider, type Configuration } from "oidc-provider";

export type Attributes = Record<string, unknown>;
type Jwt = { header: Record<string, unknown>; claims: Record<string, unknown> };

export const portalClient = { clientId: "custodia", clientSecret: "segredo-do-cliente-de-teste" };

export type IdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>;

const keyId = "prova";

/**
 * A real OpenID provider (oidc-provider) on loopback. Whoever is sent to it is signed in as `people.current` at once.
 * In front of it stands what can alter its answers, with its own key: a provider that lies, or is attacked.
 */
export async function startIdentityProvider(portal: string, { logoutAddress }: { logoutAddress?: string } = {}) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const people = { known: new Map<string, Attributes>(), current: "" };
  const front: Front = { alterIdToken: null, alterDocument: null, alterUserinfo: null, isAway: false, requests: [] };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jwk = { ...privateKey.export({ format: "jwk" }), kid: keyId, use: "sig", alg: "RS256" };
  const provider = new Provider(issuer, configuration({ portal, people, jwk, logoutAddress }));
  const answer = provider.callback();

  const sign = ({ header, claims }: Jwt, key = privateKey): string => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256", kid: keyId, ...header })}.${part(claims)}`;
    if (header.alg === "none") return `${text}.`;
    return `${text}.${createSign("RSA-SHA256").update(text).sign(key).toString("base64url")}`;
  };

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await provider.interactionFinished(request, response, { login: { accountId: people.current } });
  }

  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url!, issuer);
    front.requests.push(pathname);
    if (front.isAway) return void response.writeHead(503).end("away");
    if (pathname.startsWith("/interaction/")) return void interact(request, response);
    if (pathname === "/token") alterJson(response, (body) => alterTokens(body, front, sign));
    if (pathname === "/me") alterJson(response, (body) => front.alterUserinfo?.(body) ?? body);
    if (pathname.endsWith("openid-configuration")) alterJson(response, (body) => front.alterDocument?.(body) ?? body);
    return void answer(request, response);
  });

  return {
    ...{ issuer, people, front, sign, provider },
    settings: {
      SSO_ISSUER: issuer,
      SSO_CLIENT_ID: portalClient.clientId,
      SSO_CLIENT_SECRET: portalClient.clientSecret,
      SSO_SCOPES: "openid profile email roles",
    },
    /** Adds a person, or changes their attributes, and makes them the one who signs in. */
    person(subject: string, attributes: Attributes): void {
      people.known.set(subject, attributes);
      people.current = subject;
    },
    /** The provider forgets a person: what it issued is revoked. */
    async forget(subject: string): Promise<void> {
      people.known.delete(subject);
    },
    /** Sends its logout token for the session of a browser, by the cookie of that. */
    async logOut(subject: string, sessionId: string): Promise<void> {
      const client = (await provider.Client.find(portalClient.clientId))!;
      const sid = (await provider.Session.find(sessionId))!.sidFor(portalClient.clientId);
      await (client.backchannelLogout as (sub: string, sid: string) => Promise<void>).call(client, subject, sid!);
    },
    restore: () =>
      void Object.assign(front, { alterIdToken: null, alterDocument: null, alterUserinfo: null, isAway: false }),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type Front = {
  /** Alters an ID token, or returns another text in its place. */
  alterIdToken: ((jwt: Jwt) => Jwt | string) | null;
  alterDocument: ((document: Attributes) => Attributes) | null;
  alterUserinfo: ((claims: Attributes) => Attributes) | null;
  isAway: boolean;
  requests: string[];
};

function alterTokens(body: Attributes, front: Front, sign: (jwt: Jwt) => string): Attributes {
  if (typeof body.id_token !== "string" || !front.alterIdToken) return body;
  const [header, claims] = body.id_token
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>);
  const altered = front.alterIdToken({ header: header!, claims: claims! });
  return { ...body, id_token: typeof altered === "string" ? altered : sign(altered) };
}

/** Lets a JSON answer be altered before it is sent. */
function alterJson(response: ServerResponse, alter: (body: Attributes) => Attributes): void {
  const end = response.end.bind(response);
  response.end = ((chunk?: string | Buffer) => {
    const text = chunk === undefined ? "" : chunk.toString();
    const body = text.startsWith("{") ? JSON.stringify(alter(JSON.parse(text) as Attributes)) : text;
    if (!response.headersSent) response.setHeader("content-length", Buffer.byteLength(body));
    return end(body);
  }) as typeof response.end;
}

type Parts = {
  portal: string;
  people: { known: Map<string, Attributes> };
  jwk: Record<string, unknown>;
  logoutAddress?: string;
};

function configuration({ portal, people, jwk, logoutAddress }: Parts): Configuration {
  return {
    clients: [
      {
        client_id: portalClient.clientId,
        client_secret: portalClient.clientSecret,
        redirect_uris: [`${portal}/api/sso/callback`],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        ...(logoutAddress ? { backchannel_logout_uri: logoutAddress, backchannel_logout_session_required: true } : {}),
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["name"],
      roles: ["roles", "groups", "realm_access"],
    },
    scopes: ["openid", "email", "profile", "roles", "offline_access"],
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    findAccount: (_, subject) => {
      const attributes = people.known.get(subject);
      return attributes && { accountId: subject, claims: () => ({ sub: subject, ...attributes }) };
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    // Everybody has agreed already.
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! });
      grant.addOIDCScope("openid email profile roles offline_access");
      await grant.save();
      return grant;
    },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    pkce: { required: () => true },
    // Its own guard refuses loopback, where the portal of a test is.
    fetch: (url, { dispatcher: _, ...options }: RequestInit & { dispatcher?: unknown } = {}) => fetch(url, options),
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
      Session: 3600,
      Grant: 3600,
      RefreshToken: 3600,
      Interaction: 600,
    },
  };
}
