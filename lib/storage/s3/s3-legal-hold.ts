import { GetObjectLegalHoldCommand, PutObjectLegalHoldCommand } from "@aws-sdk/client-s3";
import { assertObjectKey } from "@/lib/storage/object-key";
import type { LegalHoldLocks } from "@/lib/storage/object-store";
import { mapS3Errors, toS3StoreError } from "@/lib/storage/s3/s3-error";
import type { S3Target } from "@/lib/storage/s3/s3-target";

/** A version that never had a hold is answered with one of these errors, by AWS and by Ceph. */
const neverHeld = ["NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"];

/** Legal holds by Object Lock, each on one version. */
export function s3LegalHold({ client, ask, bucket }: S3Target): LegalHoldLocks {
  return {
    async set(key, versionId, on) {
      assertObjectKey(key);
      const LegalHold = { Status: on ? ("ON" as const) : ("OFF" as const) };
      const command = new PutObjectLegalHoldCommand({ Bucket: bucket, Key: key, VersionId: versionId, LegalHold });
      await mapS3Errors(() => client.send(command));
    },
    async isSet(key, versionId) {
      assertObjectKey(key);
      try {
        const { LegalHold } = await ask(
          new GetObjectLegalHoldCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
        );
        return LegalHold?.Status === "ON";
      } catch (error) {
        if (neverHeld.includes((error as { name?: string }).name ?? "")) return false;
        throw toS3StoreError(error);
      }
    },
  };
}
