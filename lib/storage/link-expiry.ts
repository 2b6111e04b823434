/** The expiry of a link made now, as a whole second, because links contain seconds. */
export function linkExpiry(expiresInSeconds: number, now: Date = new Date()): Date {
  return new Date((Math.floor(now.getTime() / 1000) + expiresInSeconds) * 1000);
}
