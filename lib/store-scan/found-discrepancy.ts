import { z } from "zod";
import { discrepancyKinds } from "@/lib/db/schema/store-scan";

export { discrepancyKinds };
export type DiscrepancyKind = (typeof discrepancyKinds)[number];

/** A discrepancy that a scan saw: either a key or a recording. Only for code of `lib`: object keys go no further. */
export const foundDiscrepancy = z
  .object({
    kind: z.enum(discrepancyKinds),
    objectKey: z.string().min(1).max(1024).nullable(),
    recordingId: z.uuid().nullable(),
    /** Codes and counts that stay the same as long as the discrepancy does. */
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  })
  .refine(({ objectKey, recordingId }) => (objectKey === null) !== (recordingId === null));

export type FoundDiscrepancy = z.output<typeof foundDiscrepancy>;
export type DiscrepancyFacts = FoundDiscrepancy["facts"];

/** Seen only by reading the object of a stored recording. */
export const storeKinds = [
  "object_missing",
  "content_changed",
  "encryption_changed",
  "empty_audio",
  "hold_not_locked",
] as const satisfies readonly DiscrepancyKind[];

/** Audio that is lost, altered, less protected, or kept too long: an alarm until somebody handles it. */
export const severeKinds = [
  "object_without_recording",
  "object_missing",
  "content_changed",
  "encryption_changed",
  "past_retention",
  "hold_not_locked",
] as const satisfies readonly DiscrepancyKind[];
