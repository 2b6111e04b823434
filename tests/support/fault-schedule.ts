/**
 * Faults between the portal, or a sender, and the store. "lost" and "reset-after": the store did the work, and the
 * answer is lost.
 */
export const faults = [
  "error",
  "slow-down",
  "lost",
  "reset-before",
  "reset-middle",
  "reset-after",
  "hang",
  "truncated",
  "flip-answer",
  "flip-upload",
  "drip",
] as const;
/**
 * Answers of a store to a sender with a signed link: AWS answers 400 to a stalled connection, and 403 to an expired
 * link. Not part of the schedules.
 */
export const linkFaults = ["stalled", "link-expired"] as const;
export type Fault = (typeof faults)[number] | (typeof linkFaults)[number];

/** Mulberry32: small, seeded, the same on all platforms. Returns numbers from 0 to below 1. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Chooses a fault, or none, for each request in turn. The fault rate of a schedule is between one and four fifths. */
export function faultSchedule(seed: number): () => Fault | null {
  const random = randomFrom(seed);
  const share = 0.2 + random() * 0.6;
  return () => (random() < share ? faults[Math.floor(random() * faults.length)]! : null);
}
