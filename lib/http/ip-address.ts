import { isIP } from "node:net";
import { env } from "@/lib/core/env";

/**
 * The client's address as the nearest trusted proxy saw it. With no trusted proxy configured the header is
 * only what a client says of itself, and the answer is null.
 */
export function ipAddressOf(headers: Headers): string | null {
  const { TRUSTED_PROXY_COUNT: proxies } = env();
  if (proxies === 0) return null;
  const hops = (headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
  const address = hops.at(-proxies);
  return address && isIP(address) ? address : null;
}
