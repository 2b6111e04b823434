import { randomBytes } from "node:crypto";
import { refusalReason, wrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import { AppError } from "@/lib/core/errors";

/** Bound to the probe's own key, so that it can be told from a recording's in the log of the key service. */
const probeName = "wrapping-key-probe";

/**
 * Wraps a key made for it with the wrapping key that new recordings get, and unwraps it again.
 * @returns the id of that wrapping key.
 * @throws AppError `key_unavailable`, caused by whatever the key service refuses with.
 */
export async function probeWrappingKey(): Promise<string> {
  try {
    return await wrapAndUnwrap();
  } catch (cause) {
    throw new AppError(
      "key_unavailable",
      `the wrapping key of ENVELOPE_KMS_KEY_ID or ENVELOPE_KEYS cannot be used: ${refusalReason(cause)}`,
      {},
      { cause },
    );
  }
}

async function wrapAndUnwrap(): Promise<string> {
  const secret = randomBytes(32);
  const { keyId, wrappedKey } = await wrappingKeys().wrap(secret, probeName);
  const back = await wrappingKeys().unwrap(keyId, wrappedKey, probeName);
  if (!back.equals(secret)) throw new Error("the wrapping key returned another key");
  return keyId;
}
