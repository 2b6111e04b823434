import { recordAuditEvents } from "@/lib/operation/event-append";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import type { Actor } from "@/lib/operation/actor";
import { resolveApiKey } from "@/lib/access/sign-in/api-key-actor";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { readSessionId, sessionCookieName, readCookie } from "@/lib/http/session/session-cookie";
import { AppError } from "@/lib/core/errors";
import { onDatabase } from "@/lib/db/database-away";
import { assertSameOrigin } from "@/lib/http/session/same-origin";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { parseApiKey } from "@/lib/access/service-accounts/api-key";
import { isIP } from "node:net";
import { env } from "@/lib/core/env";

/**
 * The actor of a request: an API key in `Authorization: Bearer`, else the session cookie, else anonymous.
 * A cookie request that changes something must come from the portal's own pages.
 * @throws AppError `unknown_api_key`, `cross_site`.
 */
export async function requestContext(request: Request): Promise<OperationContext> {
  const base = { requestId: requestIdOf(request.headers), ipAddress: ipAddressOf(request.headers) };
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return { ...base, actor: await serviceActor(authorization, base) };
  const sessionId = await readSessionId(readCookie(request.headers, sessionCookieName()));
  const user = sessionId === null ? null : await resolveSession(sessionId);
  if (!user) return { ...base, actor: { type: "anonymous" } };
  if (request.method !== "GET" && request.method !== "HEAD") assertSameOrigin(request.headers);
  return { ...base, actor: user.actor };
}

/** Whoever calls a public route acts as nobody in particular, also who is signed in. */
export const publicContextOf = (headers: Headers): OperationContext => ({
  actor: { type: "anonymous" },
  requestId: requestIdOf(headers),
  ipAddress: ipAddressOf(headers),
});

const madeIds = new WeakMap<Headers, string>();

/** The request id that proxy.ts set; if no proxy ran, one that is made once for the request. */
export function requestIdOf(headers: Headers): string {
  const made = madeIds.get(headers);
  if (made !== undefined) return made;
  const given = headers.get("x-request-id");
  if (given && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(given)) return given;
  return makeRequestId(headers);
}

/** Makes the id of a request that proxy.ts does not see: the one in its headers is the client's. */
export function makeRequestId(headers: Headers): string {
  const id = newId();
  madeIds.set(headers, id);
  return id;
}

async function serviceActor(authorization: string, base: Omit<OperationContext, "actor">): Promise<Actor> {
  const apiKey = parseApiKey(/^Bearer +(.+)$/i.exec(authorization)?.[1] ?? "");
  const actor = apiKey === null ? null : await onDatabase(() => resolveApiKey(apiKey));
  if (actor) return actor;
  // A refused key is recorded as an event, within a quota, so that nobody can flood the log.
  if (takeDenialQuota("unknown_api_key")) {
    const denial = auditEvent("access.denied", { outcome: "denied", details: { reason: "unknown_api_key" } });
    await recordAuditEvents({ ...base, actor: { type: "anonymous" } }, denial);
  }
  throw new AppError("unknown_api_key");
}

/**
 * The client's address as the nearest trusted proxy saw it. Null if no trusted proxy is configured: clients could forge
 * the header.
 */
export function ipAddressOf(headers: Headers): string | null {
  const { TRUSTED_PROXY_COUNT: proxies } = env();
  if (proxies === 0) return null;
  const hops = (headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
  const address = hops.at(-proxies);
  return address && isIP(address) ? address : null;
}
