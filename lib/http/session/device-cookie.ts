import { cookies, headers } from "next/headers";
import { knownDeviceDays } from "@/lib/access/sessions/known-device";
import { env } from "@/lib/core/env";
import { readCookie } from "@/lib/http/session/session-cookie";

const isSecure = () => env().NEXTAUTH_URL.startsWith("https:");

/** Over https the prefix makes browsers require Secure, no other path, and this host alone. */
const deviceCookieName = () => (isSecure() ? "__Host-custodia-device" : "custodia-device");

const maxAge = knownDeviceDays * 24 * 60 * 60;

/** The cookie by which a browser is known. `Lax`: single sign-on comes back from another site. */
export function deviceCookie(token: string): string {
  const attributes = `Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${isSecure() ? "; Secure" : ""}`;
  return `${deviceCookieName()}=${token}; ${attributes}`;
}

/** What the request says in the cookie; null without one. */
export const readDeviceToken = (sent: Headers): string | null => readCookie(sent, deviceCookieName()) ?? null;

/** The same for a server action. */
export const sentDeviceToken = async (): Promise<string | null> => readDeviceToken(await headers());

/** Sets the cookie in the answer of a server action. */
export async function keepDevice(token: string): Promise<void> {
  const attributes = { path: "/", maxAge, httpOnly: true, sameSite: "lax", secure: isSecure() } as const;
  (await cookies()).set(deviceCookieName(), token, attributes);
}
