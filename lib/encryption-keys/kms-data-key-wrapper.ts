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

/**
 * A client of the key service. Without keys of its own it finds the credentials of the machine, as every AWS client
 * does.
 */
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
  // Without `throwOnRequestTimeout` a service that accepts and never answers is only warned of, and waited for.
  const requestHandler = { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true };
  return new KMSClient({ region, endpoint, credentials, maxAttempts: 3, requestHandler });
}

/** Begins the ids of keys that lie in AWS KMS; ids of local keys hold no colon. */
export const KMS_KEY_PREFIX = "kms:";

/**
 * Keys wrapped by AWS KMS. The object key is the encryption context: it is bound, and stands in CloudTrail beside each
 * use.
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
        throw new ChunkedAeadError("unknown_key", `"${keyId}" is no key of the key service`);
      const request = {
        KeyId: keyId.slice(KMS_KEY_PREFIX.length),
        CiphertextBlob: wrappedKey,
        EncryptionContext: contextOf(objectKey),
      };
      const answer = await client.send(new DecryptCommand(request)).catch((error: unknown) => {
        throw refusalOf(error);
      });
      if (answer.Plaintext?.length !== 32)
        throw new ChunkedAeadError("malformed", "the key service answered with a key of another length");
      return Buffer.from(answer.Plaintext);
    },
  };
}

/** What KMS says of a wrapped key that is not this object's, and of a key that is gone; the rest may pass. */
const tampered = ["InvalidCiphertextException", "IncorrectKeyException"];
const gone = ["NotFoundException", "DisabledException", "KMSInvalidStateException"];

function refusalOf(cause: unknown): unknown {
  const name = cause instanceof Error ? cause.name : "";
  if (tampered.includes(name))
    return new ChunkedAeadError("tampered", "the key service does not unwrap the key for this object", { cause });
  if (gone.includes(name))
    return new ChunkedAeadError("unknown_key", "the key service does not have the wrapping key any more", { cause });
  return cause;
}
