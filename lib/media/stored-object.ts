import { recordings } from "@/lib/db/schema";
import { pick } from "@/lib/core/pick";
import { configuredStore } from "@/lib/storage/configured-store";

/** Where the object of a stored recording is, and which version of it was stored. */
export type StoredObject = Pick<
  typeof recordings.$inferSelect,
  "objectKey" | "objectVersionId" | "objectEtag" | "sizeBytes"
>;

export const storedObjectColumns = pick(recordings, "objectKey", "objectVersionId", "objectEtag", "sizeBytes");

/**
 * Reads bytes of the object of a stored recording, by default to its end.
 * @throws StoreError also if it is missing, or is not the one that was stored.
 */
export async function* readStoredObject(
  object: StoredObject,
  start = 0,
  endInclusive = object.sizeBytes! - 1,
): AsyncGenerator<Uint8Array> {
  const options = { versionId: object.objectVersionId ?? undefined, ifMatch: object.objectEtag ?? undefined };
  const { stream } = await configuredStore().readRange(object.objectKey!, { start, endInclusive }, options);
  yield* stream;
}

/** A recording as the decoding worker and the transcoder read it. */
export const soundOf = (recording: StoredObject & { contentType: string }) => ({
  sizeBytes: recording.sizeBytes!,
  declaredType: recording.contentType,
  read: (from?: number, endInclusive?: number) => readStoredObject(recording, from, endInclusive),
});
