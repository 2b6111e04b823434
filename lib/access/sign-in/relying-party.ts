import { isIP } from "node:net";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";

export type RelyingParty = { id: string; origin: string; name: string };

/**
 * Who asks for passkeys: the host of NEXTAUTH_URL. Null where browsers have none (WebAuthn Level 3, § 5.1.3): at an IP
 * address, and over http except at localhost.
 */
export function relyingParty(): RelyingParty | null {
  const { protocol, hostname, host, origin } = new URL(env().NEXTAUTH_URL);
  const isAddress = hostname.startsWith("[") || isIP(hostname) !== 0;
  if (isAddress || (protocol !== "https:" && hostname !== "localhost")) return null;
  return { id: hostname, origin, name: `Custodia ${host}` };
}

/** @throws AppError `passkeys_unavailable` */
export function requireRelyingParty(): RelyingParty {
  const party = relyingParty();
  if (!party) throw new AppError("passkeys_unavailable", "NEXTAUTH_URL is an IP address or not https");
  return party;
}
