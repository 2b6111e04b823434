const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * What is wrong with an address that recordings, links or messages are sent to, for the end of a sentence; null if
 * nothing is. Accepts https, and http on loopback, without credentials.
 */
export function secureAddressProblem(address: string): string | null {
  if (!URL.canParse(address)) return "is not a URL";
  const url = new URL(address);
  const isSecure = url.protocol === "https:" || (url.protocol === "http:" && loopbackHost.test(url.hostname));
  if (!isSecure) return "must begin with https:// (http:// is accepted on loopback only)";
  return url.username === "" && url.password === "" ? null : "must not contain credentials";
}
