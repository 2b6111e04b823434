import { decode } from "next-auth/jwt";
import { env } from "@/lib/core/env";

/** next-auth's cookie name. Over https it has the prefix that makes browsers require Secure. */
export function sessionCookieName(): string {
  return env().NEXTAUTH_URL.startsWith("https:") ? "__Secure-next-auth.session-token" : "next-auth.session-token";
}

/** The session id in the encrypted cookie; null if it is missing, altered or expired. */
export async function readSessionId(cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null;
  try {
    const token = await decode({ token: cookie, secret: env().NEXTAUTH_SECRET });
    return typeof token?.sid === "string" ? token.sid : null;
  } catch {
    return null;
  }
}

/** A decoded cookie of a request; undefined if it is missing or malformed. */
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
