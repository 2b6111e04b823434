import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";

/** The portal's own origin. Never what a request says of it: `Host` and `X-Forwarded-Host` are the client's. */
const ownOrigin = () => new URL(env().NEXTAUTH_URL).origin;

/**
 * Refuses a cross-site request that carries a user's cookie. Browsers send Origin with every such request, and
 * Sec-Fetch-Site since 2023.
 * @throws AppError `cross_site`.
 */
export function assertSameOrigin(headers: Headers): void {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  const sameSite = site === null || site === "same-origin";
  const sameOrigin = origin === null ? site === "same-origin" : origin === ownOrigin();
  if (!sameSite || !sameOrigin) throw new AppError("cross_site");
}

const reads: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether a form of another site was sent to a page, or to the sign-in: Next.js compares Origin with the host that the
 * request itself names. Routes of the API check by `assertSameOrigin` whoever comes with a session.
 */
export function isForeignForm(method: string, pathname: string, headers: Headers): boolean {
  if (reads.has(method) || (pathname.startsWith("/api/") && !pathname.startsWith("/api/auth/"))) return false;
  const origin = headers.get("origin");
  if (origin !== null) return origin !== ownOrigin();
  const site = headers.get("sec-fetch-site");
  return site !== null && site !== "same-origin";
}
