import type { playbackHeard } from "@/lib/db/schema";
import type { TimePart } from "@/lib/playback/byte-ranges";

type Row = Pick<typeof playbackHeard.$inferSelect, "startMs" | "endMs" | "ratePercent" | "isHidden" | "muted">;

/** A part that a player reported as played, under which conditions. */
export type HeardPart = TimePart & Pick<Row, "isHidden" | "muted"> & { rate: number };

/** A player reports the next part up to a quarter of a second later. */
const gapMs = 250;

/** Joins what was heard in the same way without a gap, in the order of the call. */
export function mergeHeard(rows: readonly Row[]): HeardPart[] {
  const merged: HeardPart[] = [];
  for (const { startMs, endMs, ratePercent, isHidden, muted } of rows.toSorted((a, b) => a.startMs - b.startMs)) {
    const part = { startMs, endMs, rate: ratePercent / 100, isHidden, muted };
    const last = merged.findLast((one) => isAlike(one, part));
    if (last && startMs <= last.endMs + gapMs) last.endMs = Math.max(last.endMs, endMs);
    else merged.push(part);
  }
  return merged;
}

const isAlike = (one: HeardPart, other: HeardPart) =>
  one.rate === other.rate && one.isHidden === other.isHidden && one.muted === other.muted;

/** Where bytes lie in time is known to within this. */
const toleranceMs = 2000;

/** Leaves of what a player reported what was sent to it. */
export function withinSent(heard: readonly HeardPart[], sent: readonly TimePart[]): HeardPart[] {
  return heard.flatMap((part) =>
    sent
      .map(({ startMs, endMs }) => ({
        ...part,
        startMs: Math.max(part.startMs, startMs - toleranceMs),
        endMs: Math.min(part.endMs, endMs + toleranceMs),
      }))
      .filter(({ startMs, endMs }) => endMs > startMs),
  );
}

/** The same for an audit event: "0-3120" is a part in milliseconds. Lists without a part are left out. */
export function heardDetails(rows: readonly Row[]): Record<string, string[] | number[]> {
  const parts = mergeHeard(rows);
  const lists = {
    heardParts: parts,
    heardHiddenParts: parts.filter(({ isHidden }) => isHidden),
    heardMutedParts: parts.filter(({ muted }) => muted === "all"),
    heardLeftMutedParts: parts.filter(({ muted }) => muted === "left"),
    heardRightMutedParts: parts.filter(({ muted }) => muted === "right"),
  };
  const texts = Object.entries(lists)
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => [name, list.map(({ startMs, endMs }) => `${startMs}-${endMs}`)] as const);
  const rates = [...new Set(parts.map(({ rate }) => rate))].filter((rate) => rate !== 1);
  return { ...Object.fromEntries(texts), ...(rates.length > 0 ? { heardRates: rates } : {}) };
}
