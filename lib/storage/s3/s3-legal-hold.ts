import { GetObjectLegalHoldCommand, PutObjectLegalHoldCommand, type S3Client } from "@aws-sdk/client-s3";
import { assertObjectKey } from "@/lib/storage/object-key";
import type { LegalHoldLocks } from "@/lib/storage/object-store";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";

/** Legal holds by Object Lock, on the version that custody pinned. */
export function s3LegalHold(client: S3Client, bucket: string): LegalHoldLocks {
  return {
    async set(key, versionId, on) {
      assertObjectKey(key);
      const LegalHold = { Status: on ? ("ON" as const) : ("OFF" as const) };
      try {
        await client.send(new PutObjectLegalHoldCommand({ Bucket: bucket, Key: key, VersionId: versionId, LegalHold }));
      } catch (error) {
        throw toS3StoreError(error);
      }
    },
    async isSet(key, versionId) {
      assertObjectKey(key);
      try {
        const { LegalHold } = await client.send(
          new GetObjectLegalHoldCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
        );
        return LegalHold?.Status === "ON";
      } catch (error) {
        // A version that never had one, in the words of AWS and of Ceph.
        const { name = "" } = error as { name?: string };
        if (["NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"].includes(name)) return false;
        throw toS3StoreError(error);
      }
    },
  };
}
