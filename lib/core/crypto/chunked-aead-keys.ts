import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import type { KeyList } from "@/lib/core/crypto/key-list";

/**
 * Wraps the data key of one object, with a local key or by a key service. `objectKey` must be authenticated: a wrapped
 * key that was moved to another object must not unwrap.
 */
export interface DataKeyWrapper {
  wrap(dataKey: Buffer, objectKey: string): Promise<{ keyId: string; wrappedKey: Buffer }>;
  /** @throws ChunkedAeadError `unknown_key` if no key has this id, `tampered` if the wrapped key does not unwrap. */
  unwrap(keyId: string, wrappedKey: Buffer, objectKey: string): Promise<Buffer>;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Wraps data keys by AES-256-GCM with the first master key of the list; unwraps with any of them (rotation). */
export function localDataKeyWrapper(masterKeys: KeyList): DataKeyWrapper {
  const byId = new Map(masterKeys.map((key) => [key.id, key.secret]));
  const [current] = masterKeys;
  return {
    async wrap(dataKey, objectKey) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", current.secret, nonce).setAAD(wrapContext(current.id, objectKey));
      const wrappedKey = Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
      return { keyId: current.id, wrappedKey };
    },
    async unwrap(keyId, wrappedKey, objectKey) {
      const master = byId.get(keyId);
      if (!master) throw new ChunkedAeadError("unknown_key", `no master key "${keyId}" is configured`);
      if (wrappedKey.length !== NONCE_BYTES + 32 + TAG_BYTES)
        throw new ChunkedAeadError("malformed", "wrapped key has a wrong length");
      const decipher = createDecipheriv("aes-256-gcm", master, wrappedKey.subarray(0, NONCE_BYTES));
      decipher.setAAD(wrapContext(keyId, objectKey)).setAuthTag(wrappedKey.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(wrappedKey.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      } catch (cause) {
        throw new ChunkedAeadError("tampered", "the wrapped key does not unwrap for this object", { cause });
      }
    },
  };
}

function wrapContext(keyId: string, objectKey: string): Buffer {
  return Buffer.from(`custodia data key v1\0${keyId}\0${objectKey}`);
}
