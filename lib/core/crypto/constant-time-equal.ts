import { createHash, timingSafeEqual } from "node:crypto";

/** Compares two secrets without telling by its duration where, or whether by length, they differ. */
export function constantTimeEqual(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
