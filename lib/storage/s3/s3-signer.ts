import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { SignatureV4 } from "@smithy/signature-v4";
import { linkExpiry } from "@/lib/storage/link-expiry";
import { SigningHash } from "@/lib/storage/s3/signing-hash";

/** The address of a bucket, found once by the SDK's own rules (regions, styles, custom endpoints). */
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
  /** Signed headers: the client must send each with exactly this value. */
  headers?: Record<string, string>;
  /** SHA-256 of the body, part of the signature; without it the signature is valid for any body. */
  payloadSha256?: string;
  expiresInSeconds: number;
}

type AwsCredentials = Awaited<ReturnType<S3Client["config"]["credentials"]>>;

/** Moved into the query, as the SDK does; a real hash stays a header that the client must send. */
const UNSIGNED_PAYLOAD = { "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD" };

/** Presigns HTTP requests without the SDK's command stack, which costs several times as much as the signature. */
export class S3Signer {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #signers = new WeakMap<object, SignatureV4>();
  #address: Promise<BucketAddress> | null = null;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async presign(request: PresignRequest): Promise<{ url: string; expiresAt: Date }> {
    const address = await (this.#address ??= this.#findAddress());
    const credentials = await this.#client.config.credentials();
    const { protocol, hostname, port, host, basePath } = address;
    const sent = {
      ...request.headers,
      ...(request.payloadSha256 ? { "x-amz-content-sha256": request.payloadSha256 } : {}),
    };
    const headers = { ...sent, ...(request.payloadSha256 ? {} : UNSIGNED_PAYLOAD), host };
    const prepared = {
      method: request.method,
      protocol,
      hostname,
      port,
      path: `${basePath}${request.key}`,
      headers,
      query: { ...request.query },
    };
    const signed = await this.#signerFor(credentials).presign(prepared, {
      expiresIn: request.expiresInSeconds,
      unhoistableHeaders: new Set(Object.keys(sent)),
    });
    const url = `${protocol}//${host}${prepared.path}?${queryString(signed.query as Record<string, string>)}`;
    return { url, expiresAt: earlier(linkExpiry(request.expiresInSeconds), credentials.expiration) };
  }

  /** One signer for each set of credentials, because it caches the derived keys of the day. */
  #signerFor(credentials: AwsCredentials): SignatureV4 {
    const existing = this.#signers.get(credentials);
    if (existing) return existing;
    // S3 signs paths as they are sent, not encoded twice.
    const { region } = this.#client.config;
    const signer = new SignatureV4({
      service: "s3",
      uriEscapePath: false,
      applyChecksum: false,
      credentials,
      region,
      sha256: SigningHash,
    });
    this.#signers.set(credentials, signer);
    return signer;
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

/** A link signed with temporary credentials ends with them. */
function earlier(expiresAt: Date, sessionEnd: Date | undefined): Date {
  return sessionEnd && sessionEnd < expiresAt ? sessionEnd : expiresAt;
}

function queryString(query: Record<string, string>): string {
  return Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeStrictly(value)}`)
    .join("&");
}

function encodeStrictly(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
