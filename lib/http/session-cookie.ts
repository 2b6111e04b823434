import { decode } from "next-auth/jwt";
import { env } from "@/lib/core/env";

/** next-auth's own name for it: over https it carries the prefix that browsers hold to Secure. */
export function sessionCookieName(): string {
  return env().NEXTAUTH_URL.startsWith("https:") ? "__Secure-next-auth.session-token" : "next-auth.session-token";
}

/** The session id inside the encrypted cookie; null when it is missing, altered or expired. */
export async function readSessionId(cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null;
  try {
    const token = await decode({ token: cookie, secret: env().NEXTAUTH_SECRET });
    return typeof token?.sid === "string" ? token.sid : null;
  } catch {
    return null;
  }
}

/** One cookie of a request, decoded; undefined when it is not there or not readable. */
export function readCookie(headers: Headers, name: string): string | undefined {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const [key, ...value] = pair.trim().split("=");
    if (key !== name) continue;
    try {
      return decodeURIComponent(value.join("="));
    } catch {
      return undefined;
    }
  }
  return undefined;
}
