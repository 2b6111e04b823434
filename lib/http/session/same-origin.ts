import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";

/**
 * Refuses a cross-site request that carries a user's cookie. Browsers send Origin with every such request, and
 * Sec-Fetch-Site since 2023.
 * @throws AppError `cross_site`.
 */
export function assertSameOrigin(headers: Headers): void {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  const sameSite = site === null || site === "same-origin";
  const sameOrigin = origin === null ? site === "same-origin" : origin === new URL(env().NEXTAUTH_URL).origin;
  if (!sameSite || !sameOrigin) throw new AppError("cross_site");
}
