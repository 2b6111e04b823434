import { DeleteObjectCommand, PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import { denialIn, refusalIn } from "@/lib/storage-checks/refusal";
import { request, send, smallObject, ticketFor } from "@/lib/storage-checks/request";
import {
  assertControl,
  fails,
  holds,
  unknown,
  unsupported,
  type S3Check,
  type CheckedStore,
  type Verdict,
} from "@/lib/storage-checks/check";
import { whyNotRequested } from "@/lib/storage-checks/provision/policy-statements";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { S3_CONTROLS, type S3BucketControl } from "@/lib/storage/s3/s3-controls";
import { S3_PROFILES } from "@/lib/core/env/s3-profiles";
import type { S3StoreConfig } from "@/lib/storage/store-config";

type Encryption = Pick<PutObjectCommandInput, "ServerSideEncryption" | "SSEKMSKeyId">;

/** An address without its signature. */
function unsigned(link: string): string {
  const url = new URL(link);
  url.search = "";
  return url.href;
}

/** A link that reads a new object. */
async function workingLink(under: CheckedStore): Promise<{ key: string; url: string }> {
  const key = await smallObject(under);
  const { url } = await under.store.signDownload({ key, expiresInSeconds: 60 });
  assertControl(await request(url));
  return { key, url };
}

/** Why a control is not checked: the store does not support it, or the settings do not request it. Null: check it. */
function idle(control: S3BucketControl, config: S3StoreConfig): Verdict | null {
  if (S3_CONTROLS[config.profile][control] !== null) return unsupported("store_cannot");
  return whyNotRequested(control, config) ? unsupported("not_asked") : null;
}

/** Whether a PUT with this encryption is refused as forbidden. Another refusal does not come from the bucket policy. */
async function putRefused(config: S3StoreConfig, under: CheckedStore, encryption: Encryption): Promise<Verdict> {
  await smallObject(under);
  const client = makeS3Client(config);
  const target = { Bucket: config.bucket, Key: under.newKey() };
  try {
    await client.send(new PutObjectCommand({ ...target, Body: "x", ...encryption }));
    await client.send(new DeleteObjectCommand(target));
    return fails("accepted");
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
    if (status === 403) return holds("http_403");
    return status >= 400 && status < 500 ? fails("not_by_policy") : Promise.reject(error as Error);
  } finally {
    client.destroy();
  }
}

/** Checks of the bucket's own rules, as an outsider would test them. */
export const s3Checks: Record<string, S3Check> = {
  anonymous_read_refused: async (_config, under) => refusalIn(await request(unsigned((await workingLink(under)).url))),

  async anonymous_list_refused(_config, under) {
    const { key, url } = await workingLink(under);
    return refusalIn(await request(`${unsigned(url).slice(0, -key.length)}?list-type=2&max-keys=1`));
  },

  async anonymous_write_refused(_config, under) {
    const ticket = await ticketFor(under);
    const refused = await refusalIn(await request(unsigned(ticket.url), { method: "PUT", body: "x" }));
    assertControl(await send(ticket));
    return refused;
  },

  /**
   * Uses a valid signature, so that only the missing TLS is a reason to refuse. If the store itself does not answer
   * (no server, a redirect, a firewall), the statement in the bucket policy is the proof.
   */
  async plain_http_refused(config, under) {
    const reason = idle("tls_only", config);
    if (reason) return reason;
    const { url } = await workingLink(under);
    const answer = await request(url.replace(/^https:/, "http:")).catch(() => null);
    const verdict = answer ? await denialIn(answer) : unknown("no_answer");
    const readBack = under.settings.some(({ control, outcome }) => control === "tls_only" && outcome === "holds");
    return verdict.outcome === "unknown" && readBack ? holds("policy_read_back") : verdict;
  },

  /** Amazon with SSE-S3 would encrypt a PUT without the header, but the policy must deny it. */
  unencrypted_put_refused: async (config, under) =>
    idle("encrypted_puts_only", config) ?? putRefused(config, under, {}),

  /**
   * Tries an unknown key, the other algorithm, and no key id, for which Amazon would use its own key. One is not
   * enough:
   * some servers refuse an unknown key without a policy.
   */
  async other_key_refused(config, under) {
    const reason = idle("right_key_only", config);
    if (reason) return reason;
    const others: Encryption[] = [
      { ServerSideEncryption: "aws:kms", SSEKMSKeyId: "custodia-check-no-such-key" },
      { ServerSideEncryption: "AES256" },
    ];
    if (!S3_PROFILES[config.profile].kmsKeyRequired) others.push({ ServerSideEncryption: "aws:kms" });
    for (const encryption of others) {
      const verdict = await putRefused(config, under, encryption);
      if (verdict.outcome !== "holds") return verdict;
    }
    return holds("http_403");
  },

  async cors_for_the_portal({ profile }, under) {
    if (S3_CONTROLS[profile].cors !== null) return unsupported("store_cannot");
    const href = unsigned((await workingLink(under)).url);
    const allowedFor = async (origin: string) => {
      const asked = {
        origin,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "content-type",
      };
      const answer = await request(href, { method: "OPTIONS", headers: asked });
      return answer.ok && [origin, "*"].includes(answer.headers.get("access-control-allow-origin") ?? "");
    };
    if (!(await allowedFor(under.portalOrigin))) return fails("portal_refused");
    return (await allowedFor("https://custodia-check.invalid")) ? fails("open_to_all") : holds();
  },
};
