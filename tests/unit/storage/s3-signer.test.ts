import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { S3Signer } from "@/lib/storage/s3/s3-signer";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { createObjectStore } from "@/lib/storage/store-from-config";

const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "a secret of the tests" };
const config: S3StoreConfig = {
  kind: "s3",
  region: "sa-east-1",
  bucket: "recordings",
  credentials,
  forcePathStyle: false,
  encryption: { kind: "aws:kms", keyId: "key-1" },
  profile: "aws",
};
const upload = {
  key: "recordings/1",
  contentType: "audio/wav",
  sizeBytes: 1234,
  sha256: "ab".repeat(32),
  expiresInSeconds: 300,
};
const signedHeaders = (url: string) => new URL(url).searchParams.get("X-Amz-SignedHeaders")!.split(";");

describe("signing for S3", () => {
  beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-03-01T12:00:00.500Z"), toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  it.each([
    ["amazon", {}],
    ["a path-style endpoint", { endpoint: "http://localhost:9000", forcePathStyle: true }],
    ["a virtual-host endpoint with a port", { endpoint: "https://s3.example.com:8443" }],
  ])("makes the same URL as the SDK for %s", async (_name, change) => {
    const client = new S3Client({
      region: "sa-east-1",
      credentials,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      ...change,
    });
    const input = {
      Bucket: "recordings",
      Key: "recordings/a-b_c.1",
      ResponseContentDisposition: `attachment; filename="a (1)!'*.wav"`,
    };
    const theirs = new URL(await getSignedUrl(client, new GetObjectCommand(input), { expiresIn: 60 }));
    const query = { "response-content-disposition": input.ResponseContentDisposition, "x-id": "GetObject" };
    const ours = new URL(
      (await new S3Signer(client, "recordings").presign({ method: "GET", key: input.Key, query, expiresInSeconds: 60 }))
        .url,
    );
    expect(ours.origin + ours.pathname).toBe(theirs.origin + theirs.pathname);
    expect(Object.fromEntries(ours.searchParams)).toEqual(Object.fromEntries(theirs.searchParams));
  });

  it("signs size, type, checksum, encryption and the condition, and requires them from the client", async () => {
    const ticket = await createObjectStore(config).signUpload(upload);
    expect(ticket.headers).toEqual({
      "content-type": "audio/wav",
      "if-none-match": "*",
      "x-amz-checksum-sha256": Buffer.from(upload.sha256, "hex").toString("base64"),
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": "key-1",
    });
    expect(signedHeaders(ticket.url)).toEqual(["content-length", ...Object.keys(ticket.headers), "host"].sort());
    expect(ticket.expiresAt).toEqual(new Date("2026-03-01T12:05:00.000Z"));
  });

  it("signs the payload hash itself for servers that ignore the checksum header", async () => {
    const ticket = await createObjectStore({ ...config, profile: "ceph" }).signUpload(upload);
    expect(ticket.headers["x-amz-content-sha256"]).toBe(upload.sha256);
    expect(signedHeaders(ticket.url)).toContain("x-amz-content-sha256");
    expect(new URL(ticket.url).searchParams.has("X-Amz-Content-Sha256")).toBe(false);
  });

  it("includes session tokens, follows their rotation, and expires with the session", async () => {
    let session = 0;
    const expiration = () => new Date(Date.now() + 120_000);
    const provider = async () => ({
      ...credentials,
      accessKeyId: `AKIA${(session += 1)}`,
      sessionToken: `token-${session}`,
      expiration: expiration(),
    });
    const store = createObjectStore({ ...config, credentials: provider });
    const first = await store.signUpload(upload);
    expect(new URL(first.url).searchParams.get("X-Amz-Security-Token")).toBe(`token-${session}`);
    expect(first.expiresAt).toEqual(new Date("2026-03-01T12:02:00.500Z"));
    vi.setSystemTime(new Date("2026-03-01T12:10:00Z"));
    const later = new URL((await store.signUpload(upload)).url).searchParams;
    expect(later.get("X-Amz-Security-Token")).not.toBe(new URL(first.url).searchParams.get("X-Amz-Security-Token"));
  });

  it.each([
    [{ sha256: "AB".repeat(32) }],
    [{ sha256: "" }],
    [{ contentType: "audio/wav\r\nx: y" }],
    [{ contentType: "" }],
    [{ sizeBytes: -1 }],
    [{ sizeBytes: 1.5 }],
    [{ expiresInSeconds: 0 }],
    [{ expiresInSeconds: 8 * 24 * 3600 }],
  ])("does not sign %j", async (change) => {
    await expect(createObjectStore(config).signUpload({ ...upload, ...change })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  it("refuses a size above one upload, and a line break in a disposition", async () => {
    const store = createObjectStore(config);
    await expect(store.signUpload({ ...upload, sizeBytes: 6 * 1024 ** 3 })).rejects.toMatchObject({
      code: "too_large",
    });
    const download = { key: "recordings/1", expiresInSeconds: 60, contentDisposition: "attachment\r\nx: y" };
    await expect(store.signDownload(download)).rejects.toMatchObject({ code: "invalid_request" });
  });
});
