import { DeleteObjectCommand, PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { request } from "@/lib/storage/check/link-trials";
import { fails, holds, refusedBy, unsupported, type StoreUnderTrial, type Trial, type Verdict } from "@/lib/storage/check/trial";
import { notAsked } from "@/lib/storage/provision/policy-statements";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { S3_CONTROLS, type S3BucketControl } from "@/lib/storage/s3/s3-controls";

type Bucket = NonNullable<StoreUnderTrial["s3"]>;
const onBucket = (trial: (s3: Bucket, under: StoreUnderTrial) => Promise<Verdict>): Trial => async (under) => (under.s3 ? trial(under.s3, under) : unsupported());

/** The plain address of an object or the bucket: that of a signed link, without its signature. */
async function addressOf({ store }: StoreUnderTrial, key: string): Promise<URL> {
  const url = new URL((await store.signDownload({ key, expiresInSeconds: 60 })).url);
  url.search = "";
  return url;
}

/** Why a control is not tried: the store cannot, or nobody asked for it. */
function idle(control: S3BucketControl, { config }: Bucket): Verdict | null {
  if (S3_CONTROLS[config.profile][control] !== null) return unsupported("store_cannot");
  return notAsked(control, config) ? unsupported("not_asked") : null;
}

async function putRefused({ config }: Bucket, key: string, encryption: Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId">): Promise<Verdict> {
  const client = makeS3Client(config);
  const target = { Bucket: config.bucket, Key: key };
  try {
    await client.send(new PutObjectCommand({ ...target, Body: "x", ...encryption }));
    await client.send(new DeleteObjectCommand(target));
    return fails("accepted");
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    return status === undefined ? Promise.reject(error as Error) : refusedBy(status);
  }
}

/** The bucket's own rules, tried as somebody would who has no business there. */
export const bucketTrials: Record<string, Trial> = {
  anonymous_read_refused: onBucket(async (_s3, under) => {
    const key = under.newKey();
    await under.store.put(key, Buffer.from("x"), { contentType: "audio/wav", ifNoneMatch: null });
    return refusedBy((await request((await addressOf(under, key)).href)).status);
  }),

  anonymous_list_refused: onBucket(async (_s3, under) => {
    const url = await addressOf(under, "k");
    return refusedBy((await request(`${url.href.slice(0, -1)}?list-type=2&max-keys=1`)).status);
  }),

  anonymous_write_refused: onBucket(async (_s3, under) => refusedBy((await request((await addressOf(under, under.newKey())).href, { method: "PUT", body: "x" })).status)),

  /** With a valid signature, so that nothing but the missing TLS is a reason to refuse. */
  plain_http_refused: onBucket(async (s3, under) => {
    const reason = idle("tls_only", s3);
    if (reason) return reason;
    const key = under.newKey();
    await under.store.put(key, Buffer.from("x"), { contentType: "audio/wav", ifNoneMatch: null });
    const url = (await under.store.signDownload({ key, expiresInSeconds: 60 })).url.replace(/^https:/, "http:");
    try {
      const { status } = await request(url);
      return status >= 300 && status < 400 ? holds(`http_${status}`) : refusedBy(status);
    } catch {
      return holds("no_answer");
    }
  }),

  unencrypted_put_refused: onBucket(async (s3, { newKey }) => {
    const reason = idle("encrypted_puts_only", s3);
    // An installation with SSE-S3 on Amazon: what comes without a header is encrypted all the same, and yet denied.
    return reason ?? putRefused(s3, newKey(), {});
  }),

  other_key_refused: onBucket(async (s3, { newKey }) => {
    const reason = idle("right_key_only", s3);
    return reason ?? putRefused(s3, newKey(), { ServerSideEncryption: "aws:kms", SSEKMSKeyId: "custodia-check-no-such-key" });
  }),

  cors_for_the_portal: onBucket(async (s3, under) => {
    if (S3_CONTROLS[s3.config.profile].cors !== null) return unsupported("store_cannot");
    const { href } = await addressOf(under, under.newKey());
    const allowedFor = async (origin: string) => {
      const asked = { origin, "access-control-request-method": "PUT", "access-control-request-headers": "content-type" };
      const answer = await request(href, { method: "OPTIONS", headers: asked });
      return answer.ok && [origin, "*"].includes(answer.headers.get("access-control-allow-origin") ?? "");
    };
    if (!(await allowedFor(s3.portalOrigin))) return fails("portal_refused");
    return (await allowedFor("https://custodia-check.invalid")) ? fails("open_to_all") : holds();
  }),
};
