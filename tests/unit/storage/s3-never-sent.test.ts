import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { policyStatements } from "@/lib/storage-checks/provision/policy-statements";
import { applyProvision, planProvision } from "@/lib/storage-checks/provision/provision-plan";
import { S3_CONTROLS, type S3BucketControl } from "@/lib/storage/s3/s3-controls";
import { S3_PROFILE_NAMES, S3_PROFILES } from "@/lib/core/env/s3-profiles";
import type { S3Encryption, S3Profile } from "@/lib/core/env/s3-profiles";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { createObjectStore } from "@/lib/storage/store-from-config";

/** The requests of each control, by query. */
const SUBRESOURCES = {
  encryption: ["bucket_encryption"],
  publicAccessBlock: ["public_access_block"],
  policy: ["tls_only", "encrypted_puts_only", "right_key_only"],
  versioning: ["versioning"],
  "object-lock": ["object_lock"],
  cors: ["cors"],
} as const;

interface Seen {
  method: string;
  url: URL;
  body: string;
  headers: Record<string, unknown>;
}

/** Records requests at the network edge; the bucket exists without any settings. */
let server: Server;
let seen: Seen[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    const url = new URL(request.url!, "http://edge");
    let body = "";
    request.on("data", (text: Buffer) => (body += text.toString()));
    request.on("end", () => {
      seen.push({ method: request.method!, url, headers: request.headers, body });
      const missing = request.method === "GET" && !url.searchParams.has("versioning");
      response.writeHead(missing ? 404 : 200, { "content-type": "application/xml" });
      response.end(
        request.method === "HEAD"
          ? undefined
          : missing
            ? "<Error><Code>NoSuchConfiguration</Code></Error>"
            : url.searchParams.has("versioning")
              ? "<VersioningConfiguration/>"
              : "",
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => void server.close());
beforeEach(() => void (seen = []));

const strongest = (profile: S3Profile): S3Encryption =>
  S3_PROFILES[profile].requestableEncryption.includes("aws:kms")
    ? { kind: "aws:kms", keyId: "arn:aws:kms:sa-east-1:1:key/k" }
    : { kind: "none" };
const configOf = (profile: S3Profile): S3StoreConfig => ({
  ...{
    kind: "s3",
    profile,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "x",
    bucket: "bucket",
    forcePathStyle: true,
  },
  ...{
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    encryption: strongest(profile),
    objectLock: S3_PROFILES[profile].capabilities.objectLock,
    versioning: S3_PROFILES[profile].capabilities.versioning,
  },
});

describe.each(S3_PROFILE_NAMES)("a store of the profile %s", (profile) => {
  it("is sent no setting that it would misread", async () => {
    const steps = await planProvision(configOf(profile), "https://portal.example");
    await applyProvision(steps);
    for (const [name, controls] of Object.entries(SUBRESOURCES)) {
      const cannot = controls.every((control) => S3_CONTROLS[profile][control] !== null);
      expect(
        seen.some(({ url }) => url.searchParams.has(name)),
        name,
      ).toBe(!cannot);
    }
    for (const { control, state } of steps)
      if (control in S3_CONTROLS[profile] && S3_CONTROLS[profile][control as S3BucketControl])
        expect(state).toBe("cannot");
    expect(seen.filter(({ method }) => method === "DELETE")).toEqual([]);
    for (const { url } of seen)
      for (const word of ["acl", "tagging", "website", "accelerate"]) expect(url.searchParams.has(word)).toBe(false);
  });

  it("is sent no lifecycle rule that could delete a recording", async () => {
    await applyProvision(await planProvision(configOf(profile), "https://portal.example"));
    const rules = seen.filter(({ method, url }) => method === "PUT" && url.searchParams.has("lifecycle"));
    for (const { body } of rules) {
      // An expiry by age (also of one tag or folder) or date would delete a current version: held or not, due or not.
      expect(body).not.toMatch(/<(Expiration|NoncurrentVersionTransition|Transition)>\s*<(Days|Date)>|<Tag>|<And>/);
      expect(body).toContain("<Prefix></Prefix>");
    }
    // Noncurrent versions only where no link can make a recording noncurrent, and Object Lock overrides the rule.
    const { conditionalWrite, objectLock } = S3_PROFILES[profile].capabilities;
    expect(rules.some(({ body }) => body.includes("<NoncurrentVersionExpiration>"))).toBe(
      conditionalWrite && objectLock,
    );
    seen = [];
    await applyProvision(await planProvision({ ...configOf(profile), objectLock: false }, "https://portal.example"));
    expect(seen.some(({ body }) => body.includes("<NoncurrentVersionExpiration>"))).toBe(false);
  });

  it("is sent no unknown header for an upload by link, by the server or in parts", async () => {
    const store = createObjectStore(configOf(profile));
    const ticket = await store.signUpload({
      key: "k/1",
      contentType: "audio/wav",
      sizeBytes: 1,
      sha256: "0".repeat(64),
      expiresInSeconds: 60,
    });
    await store.put("k/1", Buffer.from("x"), { contentType: "audio/wav", ifNoneMatch: null });
    await store.multipart.begin({ key: "k/1", contentType: "audio/wav" }).catch(() => undefined);
    const asks = S3_PROFILES[profile].requestableEncryption.includes("aws:kms");
    for (const headers of [ticket.headers, ...seen.map((request) => request.headers)]) {
      expect("x-amz-server-side-encryption" in headers).toBe(asks);
      for (const name of [
        "x-amz-acl",
        "x-amz-tagging",
        ...(S3_PROFILES[profile].namesChecksumAlgorithm ? [] : ["x-amz-sdk-checksum-algorithm"]),
        "x-amz-trailer",
        "content-encoding",
      ])
        expect(headers).not.toHaveProperty(name);
    }
  });
});

it("sends MinIO no bucket policy, which it would apply to unsigned requests alone", () => {
  expect(policyStatements({ ...configOf("minio"), endpoint: "https://minio.example" })).toEqual([]);
});

it("never blocks public ACLs on Ceph, where older versions would then refuse every PUT", async () => {
  const found = (await planProvision(configOf("ceph"), "https://portal.example")).find(
    ({ control }) => control === "public_access_block",
  )!;
  expect(found.wanted).toBe("IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets");
});

it("refuses requests without TLS or with another encryption, by conditions that the server understands", () => {
  const aws: S3StoreConfig = { ...configOf("aws"), endpoint: undefined };
  expect(policyStatements(aws).map(({ Sid, Condition }) => [Sid, Condition])).toEqual([
    ["CustodiaTlsOnly", { BoolIfExists: { "aws:SecureTransport": "false" } }],
    ["CustodiaEncryptedPutsOnly", { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } }],
    [
      "CustodiaRightKeyOnly",
      { StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:sa-east-1:1:key/k" } },
    ],
  ]);
  expect(policyStatements({ ...configOf("ceph"), endpoint: "https://ceph.example" }).map(({ Sid }) => Sid)).toEqual([
    "CustodiaTlsOnly",
    "CustodiaRightAlgorithmOnly",
    "CustodiaRightKeyOnly",
  ]);
  expect(policyStatements(configOf("ceph")).map(({ Sid }) => Sid)).not.toContain("CustodiaTlsOnly");
});
