import type { ObjectFacts } from "@/lib/storage/object-store";

/** Reads of exactly the object that was looked at: its version where there are versions, else its ETag. */
export const pinned = (facts: ObjectFacts) => ({
  ifMatch: facts.etag,
  ...(facts.versionId ? { versionId: facts.versionId } : {}),
});
