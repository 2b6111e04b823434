import { streamOf } from "@/lib/storage/byte-streams";
import type { ObjectStore } from "@/lib/storage/object-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";
import { storedEncryption } from "@/lib/storage/stored-encryption";

/** A file that was made of a recording, whose size and hash are known. */
export type MadeFile = {
  contentType: string;
  sizeBytes: number;
  sha256: string;
  read: () => AsyncIterable<Uint8Array>;
};

/**
 * Stores a file under a key that only its row names. After an error the object may still arrive.
 * @param signal ends the body, and with it the request.
 * @returns null if the store did not encrypt it: it is removed.
 * @throws AppError for what the store refuses.
 */
export async function storeMadeFile(
  store: ObjectStore,
  key: string,
  { contentType, sizeBytes, sha256, read }: MadeFile,
  signal: AbortSignal,
): Promise<{ objectVersionId: string | null; objectEtag: string } | null> {
  const put = () => {
    const body = streamOf(
      whileAllowed(read(), signal),
      async () => undefined,
      (error) => error,
    );
    return store.put(key, body, { contentType, sizeBytes, sha256, ifNoneMatch: "*" });
  };
  const stored = await callStore(() =>
    put().catch(async (error: unknown) => {
      if (!(error instanceof StoreError) || error.code !== "already_exists") throw error;
      // Of a database that was restored since: nothing else writes under this key.
      await store.deleteAllVersions(key);
      return put();
    }),
  );
  const facts = await callStore(() => store.head(key, stored.versionId ?? undefined));
  if (facts?.sizeBytes !== sizeBytes) throw new StoreError("integrity", "The stored copy has another size.");
  if (storedEncryption(facts.encryption)?.algorithm === "none" && !store.acceptsUnencrypted) {
    await callStore(() => store.deleteAllVersions(key));
    return null;
  }
  return { objectVersionId: stored.versionId, objectEtag: facts.etag };
}

/** Ends the body once the time is over or the lease is lost. */
async function* whileAllowed(pieces: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
}
