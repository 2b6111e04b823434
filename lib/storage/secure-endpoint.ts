import { secureAddressProblem } from "@/lib/core/secure-address";
import { StoreError } from "@/lib/storage/store-error";

/**
 * Refuses an address that would send recordings or signed links unencrypted. Accepts https, and http on loopback.
 * @param what the name of the address in the error message.
 */
export function assertSecureEndpoint(address: string, what: string): URL {
  const problem = secureAddressProblem(address);
  if (problem !== null) throw new StoreError("invalid_request", `${what} ${problem}.`);
  return new URL(address);
}
