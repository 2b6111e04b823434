import { env } from "@/lib/core/env";
import { dataPolicy } from "@/lib/http/content-security-policy";
import securityHeaders from "@/lib/http/security-headers.json" with { type: "json" };

const twoYears = 2 * 365 * 24 * 60 * 60;

/**
 * The headers that never change, by their name. Next.js sets them as well (`next.config.mjs`), but not on answers
 * without it. The referrer policy is not "no-referrer": a browser then posts a plain form with "Origin: null".
 */
export const fixedHeaders: readonly (readonly [string, string])[] = securityHeaders.map(({ key, value }) => [
  key,
  value,
]);

/** Headers of every response that depend on the request or the settings. */
export function policyHeaders(requestId: string, policy = dataPolicy): Record<string, string> {
  const headers = { "x-request-id": requestId, "content-security-policy": policy, "cache-control": "no-store" };
  if (!env().NEXTAUTH_URL.startsWith("https:")) return headers;
  return { ...headers, "strict-transport-security": `max-age=${twoYears}; includeSubDomains` };
}

/**
 * The paths that `proxy.ts` passes by. `handle` does for routes of the API what it does for pages, and Next.js would
 * buffer the bodies of their requests, and cut them at 10 MB. next-auth's routes are not ours.
 */
const passedBy = /^\/(_next\/|api\/(?!auth\/)|mark\.svg|favicon\.ico)/;

/** Whether `proxy.ts` sees the requests of a path, and gives them their id. */
export const proxySees = (pathname: string) => !passedBy.test(pathname);
