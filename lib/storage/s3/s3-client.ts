import { S3Client } from "@aws-sdk/client-s3";
import { assertSecureEndpoint } from "@/lib/storage/secure-endpoint";
import type { S3StoreConfig } from "@/lib/storage/store-config";

const CONNECTION_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 4;
const MAX_SOCKETS = 128;

/** Without it the SDK writes to the console. Every failure is thrown as a StoreError. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Creates the client of a store. It keeps its connections open, or with `keepAlive: false` uses each one once. */
export function makeS3Client(config: S3StoreConfig, { keepAlive = true } = {}): S3Client {
  if (config.endpoint !== undefined) assertSecureEndpoint(config.endpoint, "The endpoint of the store");
  // With a limit Node.js reuses a connection for a waiting request, also without `keepAlive`.
  const agent = keepAlive ? { keepAlive, maxSockets: MAX_SOCKETS } : { keepAlive, maxSockets: Infinity };
  return new S3Client({
    ...(config.endpoint === undefined ? {} : { endpoint: config.endpoint }),
    region: config.region,
    ...(config.credentials === undefined ? {} : { credentials: config.credentials }),
    forcePathStyle: config.forcePathStyle,
    // The default signs the CRC32 of an empty body into links, and encodes streams in a way that other servers refuse.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    logger: SILENT,
    maxAttempts: config.attempts ?? MAX_ATTEMPTS,
    retryMode: "standard",
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: config.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}
