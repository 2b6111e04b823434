/** When a link made now ends: a whole second, since links carry seconds. */
export function linkExpiry(expiresInSeconds: number, now: Date = new Date()): Date {
  return new Date((Math.floor(now.getTime() / 1000) + expiresInSeconds) * 1000);
}
