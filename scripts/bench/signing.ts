import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { BenchRow } from "./bench-row";

const ROUNDS = 5;
const SIGNATURES_PER_ROUND = 1500;

/** Measures how fast both stores sign links, in turn with their baselines. Returns the round with the median ratio. */
export async function benchSigning(): Promise<BenchRow[]> {
  const { s3Upload, s3Download, sdkUpload, sdkDownload } = s3Signers();
  const { diskUpload, hmac } = diskSigners();
  const unit = { unit: "µs", better: "smaller" } as const;
  return [
    { what: "S3 upload link / getSignedUrl", ...unit, ...(await compare(s3Upload, sdkUpload)), must: 0.25, aim: null },
    {
      what: "S3 download link / getSignedUrl",
      ...unit,
      ...(await compare(s3Download, sdkDownload)),
      must: 0.25,
      aim: null,
    },
    { what: "S3 upload link / HMAC-SHA256", ...unit, ...(await compare(s3Upload, hmac)), must: null, aim: 2 },
    { what: "disk upload link / HMAC-SHA256", ...unit, ...(await compare(diskUpload, hmac)), must: null, aim: 2 },
  ];
}

function s3Signers() {
  const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: randomBytes(30).toString("base64") };
  const shared = { region: "sa-east-1", credentials };
  const encryption = { kind: "aws:kms", keyId: "key-1" } as const;
  const store = createObjectStore({
    kind: "s3",
    bucket: "bench",
    forcePathStyle: false,
    profile: "aws",
    encryption,
    ...shared,
  });
  const client = new S3Client({ ...shared, requestChecksumCalculation: "WHEN_REQUIRED" });
  const object = { Bucket: "bench", Key: upload.key };
  const put = {
    ...object,
    ContentType: upload.contentType,
    ContentLength: upload.sizeBytes,
    IfNoneMatch: "*",
    ChecksumSHA256: "q6urq6s=",
  };
  return {
    s3Upload: () => store.signUpload(upload),
    s3Download: () => store.signDownload({ key: upload.key, expiresInSeconds: 300 }),
    sdkUpload: () =>
      getSignedUrl(client, new PutObjectCommand({ ...put, ServerSideEncryption: "aws:kms", SSEKMSKeyId: "key-1" }), {
        expiresIn: 300,
      }),
    sdkDownload: () => getSignedUrl(client, new GetObjectCommand(object), { expiresIn: 300 }),
  };
}

function diskSigners() {
  const keys = [{ id: "bench", secret: randomBytes(32) }] as const;
  const store = createObjectStore({
    kind: "disk",
    rootPath: "/nowhere",
    publicBaseUrl: "http://localhost:3000",
    encryptionKeys: keys,
    linkSigningKeys: keys,
  });
  const key = createSecretKey(keys[0].secret);
  const text = "x".repeat(200);
  return {
    diskUpload: () => store.signUpload(upload),
    hmac: async () => createHmac("sha256", key).update(text).digest("base64url"),
  };
}

const upload = {
  key: "recordings/2026/01/0190a1b2-c3d4-7000-8000-000000000000",
  contentType: "audio/wav",
  sizeBytes: 1_000_000,
  sha256: "ab".repeat(32),
  expiresInSeconds: 300,
};

async function compare(
  ours: () => Promise<unknown>,
  baseline: () => Promise<unknown>,
): Promise<{ ours: number; baseline: number; ratio: number }> {
  await microsecondsOf(ours);
  await microsecondsOf(baseline);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const times = { ours: await microsecondsOf(ours), baseline: await microsecondsOf(baseline) };
    rounds.push({ ...times, ratio: times.ours / times.baseline });
  }
  return rounds.sort((a, b) => a.ratio - b.ratio)[Math.floor(ROUNDS / 2)]!;
}

async function microsecondsOf(sign: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  for (let index = 0; index < SIGNATURES_PER_ROUND; index += 1) await sign();
  return ((performance.now() - begin) * 1000) / SIGNATURES_PER_ROUND;
}
