import { KMSClient } from "@aws-sdk/client-kms";
import { localDataKeyWrapper, type DataKeyWrapper } from "@/lib/crypto/chunked-aead-keys";
import { ChunkedAeadError } from "@/lib/crypto/chunked-aead-format";
import { KMS_KEY_PREFIX, kmsDataKeyWrapper } from "@/lib/crypto/kms-data-key-wrapper";
import { env, type Env } from "@/lib/env";
import { assertSecureEndpoint } from "@/lib/storage/assert-secure-endpoint";

let configured: DataKeyWrapper | undefined;

/** Wraps the keys of recordings: with AWS KMS where it is configured, else with the first of `ENVELOPE_KEYS`. Unwraps with either. */
export function wrappingKeys(): DataKeyWrapper {
  return (configured ??= makeWrapper(env()));
}

function makeWrapper(settings: Env): DataKeyWrapper {
  const kms = settings.ENVELOPE_KMS_KEY_ID ? kmsDataKeyWrapper(kmsClient(settings), settings.ENVELOPE_KMS_KEY_ID) : null;
  const local = settings.ENVELOPE_KEYS ? localDataKeyWrapper(settings.ENVELOPE_KEYS) : null;
  const current = kms ?? local;
  if (!current) throw new Error("neither ENVELOPE_KEYS nor ENVELOPE_KMS_KEY_ID is set");
  return {
    wrap: current.wrap,
    async unwrap(keyId, wrappedKey, objectKey) {
      const owner = keyId.startsWith(KMS_KEY_PREFIX) ? kms : local;
      if (!owner) throw new ChunkedAeadError("unknown_key", `no wrapping key "${keyId}" is configured`);
      return owner.unwrap(keyId, wrappedKey, objectKey);
    },
  };
}

/** Without keys of its own it finds the credentials of the machine, as every AWS client does. */
function kmsClient({ ENVELOPE_KMS_REGION: region, ENVELOPE_KMS_ENDPOINT: endpoint, ENVELOPE_KMS_ACCESS_KEY_ID: accessKeyId, ENVELOPE_KMS_SECRET_ACCESS_KEY: secretAccessKey }: Env): KMSClient {
  if (endpoint !== undefined) assertSecureEndpoint(endpoint, "The endpoint of the key service");
  const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
  return new KMSClient({ region, endpoint, credentials, maxAttempts: 3, requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000 } });
}
