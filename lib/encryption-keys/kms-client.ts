import { KMSClient } from "@aws-sdk/client-kms";
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

/** A client of the key service. Without keys of its own it finds the credentials of the machine, as every AWS client does. */
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
