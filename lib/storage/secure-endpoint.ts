import { StoreError } from "@/lib/storage/store-error";

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Refuses an address that would send recordings or signed links unencrypted. Accepts https, and http on loopback.
 * @param what the name of the address in the error message.
 */
export function assertSecureEndpoint(address: string, what: string): URL {
  if (!URL.canParse(address)) throw new StoreError("invalid_request", `${what} is not a URL.`);
  const url = new URL(address);
  const secure = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK_HOST.test(url.hostname));
  if (!secure)
    throw new StoreError("invalid_request", `${what} must begin with https:// (http:// is accepted on loopback only).`);
  if (url.username !== "" || url.password !== "")
    throw new StoreError("invalid_request", `${what} must not contain credentials.`);
  return url;
}
