import { env } from "@/lib/core/env";
import { readCookie } from "@/lib/http/session/session-cookie";

/** `try`: binds a sign-in at the provider to this browser. `ticket`: carries its result to next-auth. */
type CookieName = "try" | "ticket";

const isSecure = () => env().NEXTAUTH_URL.startsWith("https:");

/** Over https with the prefix that no other host or path may set it under. */
const nameOf = (name: CookieName) => `${isSecure() ? "__Host-" : ""}custodia-sign-on-${name}`;

/** A `Set-Cookie` for scripts to never read. Lax: the provider's redirect brings it along, a foreign form does not. */
export function signOnCookie(name: CookieName, value: string, seconds: number): string {
  const secure = isSecure() ? "; Secure" : "";
  return `${nameOf(name)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

export const readSignOnCookie = (headers: Headers, name: CookieName): string | null =>
  readCookie(headers, nameOf(name)) ?? null;
