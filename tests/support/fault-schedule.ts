/**
 * What can go wrong between the portal, or a sender, and the store. "lost" and "reset-after": the store did it, and
 * nobody hears.
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
 * What a store says to a sender with a signed link: a line that stalled is a 400 at AWS, a link that ran out a 403.
 * No part of the schedules.
 */
export const linkFaults = ["stalled", "link-expired"] as const;
export type Fault = (typeof faults)[number] | (typeof linkFaults)[number];

/** Mulberry32: small, seeded, the same everywhere. Answers numbers from 0 to below 1. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * For each request in turn, the fault that meets it, or none. Schedules differ in how bad they are: from a fifth to
 * four fifths.
 */
export function faultSchedule(seed: number): () => Fault | null {
  const random = randomFrom(seed);
  const share = 0.2 + random() * 0.6;
  return () => (random() < share ? faults[Math.floor(random() * faults.length)]! : null);
}
