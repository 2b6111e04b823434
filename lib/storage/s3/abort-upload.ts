import { AbortMultipartUploadCommand, type S3Client } from "@aws-sdk/client-s3";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";

/** Ends an unfinished upload in parts. @returns how many: none when it was over already. */
export async function abortUpload(client: S3Client, bucket: string, key: string, uploadId: string): Promise<0 | 1> {
  try {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
    return 1;
  } catch (error) {
    const failure = toS3StoreError(error);
    if (failure instanceof StoreError && failure.code === "not_found") return 0;
    throw error;
  }
}
