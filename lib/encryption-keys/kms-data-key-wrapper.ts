import { DecryptCommand, EncryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import type { DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import type { Env } from "@/lib/core/env";
import { assertSecureEndpoint } from "@/lib/storage/secure-endpoint";

type KmsSettings = Pick<
  Env,
  | "ENVELOPE_KMS_REGION"
  | "ENVELOPE_KMS_ENDPOINT"
  | "ENVELOPE_KMS_ACCESS_KEY_ID"
  | "ENVELOPE_KMS_SECRET_ACCESS_KEY"
  | "ENVELOPE_KMS_TIMEOUT_MS"
>;

/** A client of the key service. Without keys in the settings it uses the default credentials of the machine. */
export function kmsClient(settings: KmsSettings): KMSClient {
  const {
    ENVELOPE_KMS_REGION: region,
    ENVELOPE_KMS_ENDPOINT: endpoint,
    ENVELOPE_KMS_ACCESS_KEY_ID: accessKeyId,
    ENVELOPE_KMS_SECRET_ACCESS_KEY: secretAccessKey,
    ENVELOPE_KMS_TIMEOUT_MS: timeoutMs,
  } = settings;
  if (endpoint !== undefined) assertSecureEndpoint(endpoint, "The endpoint of the key service");
  const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
  // Without `throwOnRequestTimeout` the client only logs a warning and continues to wait.
  const requestHandler = { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true };
  return new KMSClient({ region, endpoint, credentials, maxAttempts: 3, requestHandler });
}

/** The beginning of ids of keys in AWS KMS; ids of local keys contain no colon. */
export const KMS_KEY_PREFIX = "kms:";

/**
 * Wraps data keys by AWS KMS. The object key is the encryption context: KMS authenticates it and logs it in CloudTrail.
 */
export function kmsDataKeyWrapper(client: KMSClient, kmsKeyId: string): DataKeyWrapper {
  const contextOf = (objectKey: string) => ({ "custodia:object-key": objectKey });
  return {
    async wrap(dataKey, objectKey) {
      const answer = await client.send(
        new EncryptCommand({ KeyId: kmsKeyId, Plaintext: dataKey, EncryptionContext: contextOf(objectKey) }),
      );
      if (!answer.CiphertextBlob) throw new Error("the key service answered without a wrapped key");
      return { keyId: `${KMS_KEY_PREFIX}${answer.KeyId ?? kmsKeyId}`, wrappedKey: Buffer.from(answer.CiphertextBlob) };
    },
    async unwrap(keyId, wrappedKey, objectKey) {
      if (!keyId.startsWith(KMS_KEY_PREFIX))
        throw new ChunkedAeadError("unknown_key", `"${keyId}" is not a key of the key service`);
      const request = {
        KeyId: keyId.slice(KMS_KEY_PREFIX.length),
        CiphertextBlob: wrappedKey,
        EncryptionContext: contextOf(objectKey),
      };
      const answer = await client.send(new DecryptCommand(request)).catch((error: unknown) => {
        throw refusalOf(error);
      });
      if (answer.Plaintext?.length !== 32)
        throw new ChunkedAeadError("malformed", "the key service returned a key of another length");
      return Buffer.from(answer.Plaintext);
    },
  };
}

/** Errors of KMS for a wrapped key of another object, and for a wrapping key that is unavailable. */
const tampered = ["InvalidCiphertextException", "IncorrectKeyException"];
const unavailable = ["NotFoundException", "DisabledException", "KMSInvalidStateException"];

function refusalOf(cause: unknown): unknown {
  const name = cause instanceof Error ? cause.name : "";
  if (tampered.includes(name))
    return new ChunkedAeadError("tampered", "the key service does not unwrap the key for this object", { cause });
  if (unavailable.includes(name))
    return new ChunkedAeadError("unknown_key", "the key service cannot use the wrapping key", { cause });
  return cause;
}
