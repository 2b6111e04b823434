import { randomBytes } from "node:crypto";
import { refusalReason, wrappingKeys } from "@/lib/encryption-keys/wrapping-keys";
import { AppError } from "@/lib/core/errors";

/** The object key of the probe, by which the log of the key service distinguishes it from recordings. */
const probeName = "wrapping-key-probe";

/**
 * Wraps a temporary key with the wrapping key of new recordings, and unwraps it again.
 * @returns the id of that wrapping key.
 * @throws AppError `key_unavailable`, caused by the error of the key service.
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
