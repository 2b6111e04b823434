import { createHash, timingSafeEqual } from "node:crypto";

/** Compares two secrets. Its duration reveals neither where they differ nor whether their lengths do. */
export function constantTimeEqual(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
