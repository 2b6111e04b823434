import { spawnSync } from "node:child_process";
import {
  CreateMultipartUploadCommand,
  DeleteBucketPolicyCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { S3_CONTROLS } from "@/lib/storage/s3/s3-controls";
import { S3_PROFILES } from "@/lib/core/env/s3-profiles";
import { describeS3 } from "../../support/test-s3";

const version = () =>
  /\bversion (\d+)\./.exec(spawnSync("radosgw", ["--version"], { encoding: "utf8" }).stdout ?? "")?.[1];

/** Why the profile declares less than the server seems to have. A failing test means that the server has improved. */
await describeS3("surprises of Ceph 16", ({ client, makeBucket, kmsKeyIds, addGateway }) => {
  const elsewhere = addGateway === undefined || version() !== "16";

  describe.skipIf(elsewhere)(
    elsewhere ? "are not there: another server, or another version" : "that the profile is made for",
    () => {
      it("ignores If-None-Match in a bucket with versions, and honours it without", async () => {
        const put = (Bucket: string) =>
          client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", IfNoneMatch: "*" }));
        const plain = await makeBucket("surprise-plain", { versioned: false });
        await put(plain);
        await expect(put(plain)).rejects.toMatchObject({ name: "PreconditionFailed" });
        const versioned = await makeBucket("surprise-versioned", { versioned: true });
        const first = await put(versioned);
        const second = await put(versioned);
        expect(second.VersionId).not.toBe(first.VersionId);
        expect(S3_PROFILES.ceph.capabilities.conditionalWrite).toBe(false);
      });

      it("refuses to begin any multipart upload under a rule against unencrypted uploads", async () => {
        const Bucket = await makeBucket("surprise-policy", { versioned: true });
        const encryption = { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: kmsKeyIds[0] };
        const rule = (Condition: object) => ({
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: `arn:aws:s3:::${Bucket}/*`,
          Condition,
        });
        const setRule = (Condition: object) =>
          client.send(
            new PutBucketPolicyCommand({
              Bucket,
              Policy: JSON.stringify({ Version: "2012-10-17", Statement: [rule(Condition)] }),
            }),
          );
        const put = (headers: Partial<typeof encryption>) =>
          client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ...headers }));
        const begin = () => client.send(new CreateMultipartUploadCommand({ Bucket, Key: "k", ...encryption }));
        // As Amazon documents it, the rule allows requests without the header ...
        await setRule({ StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } });
        await put({});
        // ... and the rule that refuses those also refuses multipart uploads, which have the header.
        await setRule({ Null: { "s3:x-amz-server-side-encryption": "true" } });
        await expect(put({})).rejects.toMatchObject({ name: "AccessDenied" });
        await put(encryption);
        await expect(begin()).rejects.toMatchObject({ name: "AccessDenied" });
        await client.send(new DeleteBucketPolicyCommand({ Bucket }));
        expect(await begin()).toHaveProperty("UploadId");
        expect(S3_CONTROLS.ceph.encrypted_puts_only).not.toBeNull();
      });

      it("refuses every PUT with BlockPublicAcls, also one without an ACL", async () => {
        const Bucket = await makeBucket("surprise-acls", { versioned: false });
        const put = () => client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
        const block = (BlockPublicAcls: boolean) =>
          client.send(
            new PutPublicAccessBlockCommand({
              Bucket,
              PublicAccessBlockConfiguration: {
                BlockPublicAcls,
                IgnorePublicAcls: true,
                BlockPublicPolicy: true,
                RestrictPublicBuckets: true,
              },
            }),
          );
        await block(true);
        await expect(put()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
        await block(false);
        await put();
      });

      it("treats a policy that allows something to one user as public", async () => {
        const Bucket = await makeBucket("surprise-public", { versioned: false });
        const Statement = [
          {
            Effect: "Allow",
            Principal: { AWS: ["arn:aws:iam:::user/somebody"] },
            Action: "s3:GetObject",
            Resource: `arn:aws:s3:::${Bucket}/*`,
          },
        ];
        const allow = () =>
          client.send(
            new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }),
          );
        await allow();
        await client.send(
          new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: true } }),
        );
        await expect(allow()).rejects.toMatchObject({ name: "AccessDenied" });
      });
    },
  );
});
