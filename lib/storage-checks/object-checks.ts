import { createHash } from "node:crypto";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { request } from "@/lib/storage-checks/request";
import { fails, holds, unsupported, type Check, type Verdict } from "@/lib/storage-checks/check";
import { S3_PROFILES } from "@/lib/core/env/s3-profiles";
import { s3Target } from "@/lib/storage/s3/s3-target";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { StoreError } from "@/lib/storage/store-error";

const bytes = Buffer.from("custodia check");
const options = { contentType: "audio/wav", ifNoneMatch: null };
const sha256 = createHash("sha256").update(bytes).digest("hex");

/** Checks of objects: what the store reports about them, and what remains after a deletion. */
export const objectChecks: Record<string, Check> = {
  async encryption_reported({ store, bucket, newKey }) {
    if (store.capabilities.encryption.length === 0) return unsupported("unverifiable");
    const key = newKey();
    await store.put(key, bytes, options);
    const { encryption } = (await store.head(key))!;
    const asked = bucket?.kind === "s3" ? bucket.encryption : undefined;
    if (typeof encryption === "string") return asked?.kind === "none" ? unsupported("not_asked") : fails(encryption);
    if (asked && asked.kind !== "none" && asked.kind !== encryption.algorithm) return fails(encryption.algorithm);
    const otherKey = asked?.kind === "aws:kms" && asked.keyId && !sameKey(asked.keyId, encryption.keyId);
    return otherKey ? fails("other_key") : holds(encryption.algorithm);
  },

  /** Of some servers only newer versions report it (`namesChecksumAlgorithm`). What is reported must be verified. */
  async content_hash_reported({ store, bucket, newKey }) {
    const { sha256Reported } = store.capabilities;
    const profile = bucket?.kind === "s3" ? S3_PROFILES[bucket.profile] : null;
    if (!sha256Reported && !profile?.namesChecksumAlgorithm) return unsupported("portal_reads_back");
    const key = newKey();
    await store.put(key, bytes, { ...options, sha256 });
    const reported = (await store.head(key))!.sha256;
    if (reported === null) return sha256Reported ? fails("not_reported") : unsupported("portal_reads_back");
    if (reported !== sha256) return fails("other_hash");
    return bucket?.kind === "s3" ? wrongHashRefused(bucket, newKey()) : holds();
  },

  async versions_kept({ store, bucket, newKey }) {
    if (!store.capabilities.versioning || !bucket) return unsupported();
    const key = newKey();
    const first = await store.put(key, bytes, options);
    await store.put(key, Buffer.from("second"), options);
    if (!first.versionId || first.versionId === "null") return fails("no_version");
    return (await store.head(key, first.versionId))?.etag === first.etag ? holds() : fails("version_lost");
  },

  async upload_in_parts({ store, newKey }) {
    if (!store.multipart) return unsupported();
    const key = newKey();
    const { uploadId } = await store.multipart.begin({ key, contentType: "audio/wav" });
    const part = await store.multipart.signPart({
      key,
      uploadId,
      partNumber: 1,
      sizeBytes: bytes.length,
      sha256,
      expiresInSeconds: 60,
    });
    const { status } = await request(part.url, { method: "PUT", headers: part.headers, body: bytes as BodyInit });
    if (status !== 200) return fails(`http_${status}`);
    const stored = await store.multipart.complete({
      key,
      uploadId,
      parts: await store.multipart.listParts(key, uploadId),
      ifNoneMatch: "*",
    });
    return stored.sizeBytes === bytes.length ? holds() : fails("other_size");
  },

  async legal_hold_prevents_deletion({ store, newKey }) {
    if (!store.legalHold) return unsupported();
    const key = newKey();
    const { versionId } = await store.put(key, bytes, options);
    if (!versionId) return fails("no_version");
    await store.legalHold.set(key, versionId, true);
    try {
      await store.deleteAllVersions(key).catch(() => undefined);
      return (await store.head(key, versionId)) ? holds() : fails("deleted");
    } finally {
      await store.legalHold.set(key, versionId, false);
    }
  },

  async deletion_leaves_nothing({ store, newKey }) {
    const key = newKey();
    await store.put(key, bytes, options);
    await store.put(key, Buffer.from("again"), options);
    if ((await store.proveAbsence(key)).absent) return fails("proof_without_deletion");
    try {
      await store.deleteAllVersions(key);
    } catch (error) {
      // A lock or a policy forbids it, also to the portal.
      if (error instanceof StoreError && error.code === "forbidden") return fails("forbidden");
      throw error;
    }
    return (await store.proveAbsence(key)).absent ? holds() : fails("something_left");
  },
};

/** Sends a body with the checksum of another one, under a valid signature. */
async function wrongHashRefused(config: S3StoreConfig, key: string): Promise<Verdict> {
  const { client, bucket, encryption } = s3Target(config);
  const other = createHash("sha256").update("other").digest("base64");
  const checksum = { ChecksumSHA256: other, ChecksumAlgorithm: "SHA256" as const };
  try {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ...checksum, ...encryption }));
    return fails("not_verified");
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
    if (status === 400) return holds("http_400");
    throw error;
  } finally {
    client.destroy();
  }
}

/** The settings may name a key by its id, while the store reports its ARN. */
const sameKey = (asked: string, reported: string | null) =>
  reported === asked || reported?.endsWith(`/${asked}`) === true;
