import { localDataKeyWrapper, type DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import { KMS_KEY_PREFIX, kmsDataKeyWrapper, kmsClient } from "@/lib/encryption-keys/kms-data-key-wrapper";
import { env, type Env } from "@/lib/core/env";

let configured: DataKeyWrapper | undefined;

/**
 * Wraps data keys with AWS KMS if it is configured, otherwise with the first of `ENVELOPE_KEYS`. Unwraps with either.
 */
export function wrappingKeys(): DataKeyWrapper {
  return (configured ??= makeWrapper(env()));
}

/** Whether the settings have a wrapping key. */
export function hasWrappingKeys({ ENVELOPE_KEYS, ENVELOPE_KMS_KEY_ID }: Env): boolean {
  return ENVELOPE_KEYS !== undefined || ENVELOPE_KMS_KEY_ID !== undefined;
}

function makeWrapper(settings: Env): DataKeyWrapper {
  const kms = settings.ENVELOPE_KMS_KEY_ID
    ? kmsDataKeyWrapper(kmsClient(settings), settings.ENVELOPE_KMS_KEY_ID)
    : null;
  const local = settings.ENVELOPE_KEYS ? localDataKeyWrapper(settings.ENVELOPE_KEYS) : null;
  return {
    async wrap(dataKey, objectKey) {
      const current = kms ?? local;
      if (!current) throw new ChunkedAeadError("unknown_key", "neither ENVELOPE_KEYS nor ENVELOPE_KMS_KEY_ID is set");
      return current.wrap(dataKey, objectKey);
    },
    async unwrap(keyId, wrappedKey, objectKey) {
      const owner = keyId.startsWith(KMS_KEY_PREFIX) ? kms : local;
      if (!owner) throw new ChunkedAeadError("unknown_key", `no wrapping key "${keyId}" is configured`);
      return owner.unwrap(keyId, wrappedKey, objectKey);
    },
  };
}

/** The code of the key service or the network, for the log and the command line. */
export function refusalReason(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
}
