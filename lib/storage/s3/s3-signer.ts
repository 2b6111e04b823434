import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { SignatureV4 } from "@smithy/signature-v4";
import { linkExpiry } from "@/lib/storage/link-expiry";
import { SigningHash } from "@/lib/storage/s3/signing-hash";

/** Where the objects of a bucket lie: found once from the SDK's own rules (regions, styles, custom endpoints). */
interface BucketAddress {
  protocol: string;
  hostname: string;
  port?: number;
  host: string;
  basePath: string;
}

export interface PresignRequest {
  method: "GET" | "PUT";
  key: string;
  query?: Record<string, string>;
  /** Signed as headers: the client must send each with exactly this value. */
  headers?: Record<string, string>;
  /** The body's SHA-256 as part of the signature; without it the signature is for any body. */
  payloadSha256?: string;
  expiresInSeconds: number;
}

const PAYLOAD_HEADER = "x-amz-content-sha256";

/** Presigns straight on an HTTP request, past the SDK's command stack, which costs several times the signing itself. */
export class S3Signer {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #signer: SignatureV4;
  #address: Promise<BucketAddress> | null = null;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
    const { credentials, region } = client.config;
    // S3 paths are signed as they are sent, not encoded twice.
    this.#signer = new SignatureV4({ service: "s3", uriEscapePath: false, applyChecksum: false, credentials, region, sha256: SigningHash });
  }

  async presign(request: PresignRequest): Promise<{ url: string; expiresAt: Date }> {
    const address = await (this.#address ??= this.#findAddress());
    const { protocol, hostname, port, host, basePath } = address;
    const headers = { ...request.headers, host, [PAYLOAD_HEADER]: request.payloadSha256 ?? "UNSIGNED-PAYLOAD" };
    const prepared = { method: request.method, protocol, hostname, port, path: `${basePath}${request.key}`, headers, query: { ...request.query } };
    const signed = await this.#signer.presign(prepared, {
      expiresIn: request.expiresInSeconds,
      unhoistableHeaders: new Set(request.payloadSha256 ? [...Object.keys(request.headers ?? {}), PAYLOAD_HEADER] : Object.keys(request.headers ?? {})),
    });
    const url = `${protocol}//${host}${prepared.path}?${queryString(signed.query as Record<string, string>)}`;
    return { url, expiresAt: await this.#expiryOf(request.expiresInSeconds) };
  }

  /** A link made with a session's credentials ends with the session. */
  async #expiryOf(expiresInSeconds: number): Promise<Date> {
    const expiresAt = linkExpiry(expiresInSeconds);
    const { expiration } = await this.#client.config.credentials();
    return expiration && expiration < expiresAt ? expiration : expiresAt;
  }

  async #findAddress(): Promise<BucketAddress> {
    const sample = new URL(await getSignedUrl(this.#client, new GetObjectCommand({ Bucket: this.#bucket, Key: "k" })));
    return {
      protocol: sample.protocol,
      hostname: sample.hostname,
      ...(sample.port ? { port: Number(sample.port) } : {}),
      host: sample.host,
      basePath: sample.pathname.slice(0, -1),
    };
  }
}

function queryString(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeStrictly(value)}`)
    .join("&");
}

function encodeStrictly(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
