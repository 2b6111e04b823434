import DataLoader from "dataloader";
import { LRUCache } from "lru-cache";
import { jobContext } from "@/lib/operation/job-context";
import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import { createDataKey } from "@/lib/encryption-keys/create-data-key";
import { readDataKeys } from "@/lib/encryption-keys/read-data-keys";
import { refusalReason, wrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import type { DataKeyVault, VaultKey } from "@/lib/storage/envelope/data-key-vault";
import { StoreError } from "@/lib/storage/store-error";

/** How long unwrapped keys are cached, so that a player with many range requests needs one call to the key service. */
const cachedMs = 60_000;

/** Objects whose keys are read in one query. */
const keysAtOnce = 100;

/**
 * The vault in the database. Each call reads whether the key exists, so a destroyed key is never used again; calls of
 * the same moment share a query. Only the unwrapped secret is cached, by the wrapped bytes.
 */
export function databaseVault(): DataKeyVault {
  const unwrapped = new LRUCache<string, Buffer>({ max: 1000, ttl: cachedMs, ttlAutopurge: false });
  const rows = new DataLoader(
    (objectKeys: readonly string[]) => readDataKeys(jobContext("envelope"), { objectKeys: [...objectKeys] }),
    { cache: false, maxBatchSize: keysAtOnce },
  );

  async function open(objectKey: string): Promise<VaultKey | null> {
    const row = await rows.load(objectKey);
    if (!row) return null;
    const name = `${objectKey}\n${row.wrappedKey.toString("base64")}`;
    const secret = unwrapped.get(name) ?? (await unwrap(row.keyId, row.wrappedKey, objectKey));
    unwrapped.set(name, secret);
    return { secret, keyId: row.keyId };
  }

  return {
    open,
    async create(objectKey) {
      await createDataKey(jobContext("envelope"), { objectKey }).catch(asUnavailable);
      const key = await open(objectKey);
      if (!key) throw new StoreError("key_missing", "The key was destroyed while it was created.");
      return key;
    },
  };
}

async function unwrap(keyId: string, wrappedKey: Buffer, objectKey: string): Promise<Buffer> {
  try {
    return await wrappingKeys().unwrap(keyId, wrappedKey, objectKey);
  } catch (error) {
    // A key that is unreachable, disabled or not configured may work later; an altered key never does.
    const isAltered = error instanceof ChunkedAeadError && error.code !== "unknown_key";
    if (isAltered)
      throw new StoreError("key_missing", `The object's key does not unwrap: ${error.code}.`, { cause: error });
    return asUnavailable(error);
  }
}

/** The key service or the database is unreachable or refuses: the same call may succeed later. */
function asUnavailable(cause: unknown): never {
  throw new StoreError("key_unavailable", `The key of the object cannot be used now: ${refusalReason(cause)}.`, {
    cause,
  });
}
