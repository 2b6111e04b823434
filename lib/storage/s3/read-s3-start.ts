import { GetObjectCommand, HeadObjectCommand, type GetObjectCommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { toS3StoreError } from "@/lib/storage/s3/s3-error";
import { StoreError } from "@/lib/storage/store-error";

type Start = { answer: Omit<GetObjectCommandOutput, "Body" | "$metadata">; totalSizeBytes: number; firstBytes: Buffer };

/** The beginning of an object, and what the answer says of the whole. @throws what the SDK throws; StoreError `integrity`, `unavailable`. */
export async function readS3Start(client: S3Client, bucket: string, key: string, count: number): Promise<Start> {
  const object = { Bucket: bucket, Key: key };
  try {
    const { Body, ...answer } = await client.send(new GetObjectCommand({ ...object, Range: `bytes=0-${count - 1}` }));
    const firstBytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    const totalSizeBytes = Number(/\/(\d+)$/.exec(answer.ContentRange ?? "")?.[1]);
    if (!Number.isInteger(totalSizeBytes))
      throw new StoreError("integrity", "The store answered a range without Content-Range.");
    if (firstBytes.length !== Math.min(count, totalSizeBytes))
      throw new StoreError("unavailable", "The store ended the range early.");
    return { answer, totalSizeBytes, firstBytes };
  } catch (error) {
    // An object of no bytes has no range.
    const failure = toS3StoreError(error);
    if (!(failure instanceof StoreError) || failure.code !== "range_not_satisfiable") throw failure;
    const answer = await client.send(new HeadObjectCommand(object));
    return { answer, totalSizeBytes: answer.ContentLength ?? 0, firstBytes: Buffer.alloc(0) };
  }
}
