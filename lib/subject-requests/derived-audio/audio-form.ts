import { z } from "zod";
import { silenceReasons, type SilencedPart } from "@/lib/db/schema/derived-recordings";

/** The longest call that the portal transcodes. */
const mostMs = 24 * 3600 * 1000;

const part = z
  .strictObject({
    fromMs: z.int().min(0).max(mostMs),
    toMs: z.int().min(1).max(mostMs),
    reason: z.enum(silenceReasons),
  })
  .refine(({ fromMs, toMs }) => fromMs < toMs, { path: ["toMs"], message: "before_start" });

const silences = z.array(part).max(500).transform(ordered);

/**
 * What audio a person gets: their own channel, which somebody named, counted from 0; or all channels. In both, parts
 * may be silent.
 */
export const audioForm = z.discriminatedUnion("form", [
  z.strictObject({ form: z.literal("subject_channel"), subjectChannel: z.int().min(0).max(1), silences }),
  z.strictObject({
    form: z.literal("edited"),
    silences: silences.refine((parts) => parts.length > 0, { message: "no_parts" }),
  }),
]);

export type AudioForm = z.output<typeof audioForm>;

/** In order of time. Parts of one reason that overlap or touch are one. */
function ordered(parts: SilencedPart[]): SilencedPart[] {
  const sorted = parts.toSorted(
    (left, right) => left.fromMs - right.fromMs || left.toMs - right.toMs || (left.reason < right.reason ? -1 : 1),
  );
  const merged: SilencedPart[] = [];
  for (const next of sorted) {
    const before = merged.findLast(({ reason, toMs }) => reason === next.reason && toMs >= next.fromMs);
    if (before) before.toMs = Math.max(before.toMs, next.toMs);
    else merged.push({ ...next });
  }
  return merged;
}
