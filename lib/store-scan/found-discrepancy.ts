import { z } from "zod";
import { driftKinds } from "@/lib/db/schema/store-scan";

export { driftKinds };
export type DriftKind = (typeof driftKinds)[number];

/** A difference as a walk sees it; exactly one of key and recording. For code of `lib` alone: object keys go no further. */
export const foundDrift = z
  .object({
    kind: z.enum(driftKinds),
    objectKey: z.string().min(1).max(1024).nullable(),
    recordingId: z.uuid().nullable(),
    /** Codes and counts that stay the same as long as the difference does. */
    facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  })
  .refine(({ objectKey, recordingId }) => (objectKey === null) !== (recordingId === null));

export type FoundDrift = z.output<typeof foundDrift>;
export type DriftFacts = FoundDrift["facts"];

/** Seen only by looking at the object of a stored recording. */
export const storeKinds = [
  "object_missing",
  "content_changed",
  "encryption_changed",
  "empty_audio",
  "hold_not_locked",
] as const satisfies readonly DriftKind[];

/** Audio that is lost, altered, less protected, or kept without leave: an alarm until somebody deals with it. */
export const severeKinds = [
  "object_without_recording",
  "object_missing",
  "content_changed",
  "encryption_changed",
  "past_retention",
  "hold_not_locked",
] as const satisfies readonly DriftKind[];
