import { DecryptCommand, EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import type { DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";

/** Begins the ids of keys that lie in AWS KMS; ids of local keys hold no colon. */
export const KMS_KEY_PREFIX = "kms:";

/** Keys wrapped by AWS KMS. The object key is the encryption context: it is bound, and stands in CloudTrail beside each use. */
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
