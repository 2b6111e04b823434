import { randomUUID } from "node:crypto";
import { CreateBucketCommand, HeadBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, inject, it } from "vitest";
import { replacementProblem } from "@/lib/core/env/s3-settings";
import type { S3Encryption, S3Profile } from "@/lib/core/env/s3-profiles";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import type { CephUser } from "../../scripts/launch/ceph.mjs";
import type { CephAnswer, CephTls } from "../setup/ceph-on-demand";

/** An S3 server that tests may fill: the one that `TEST_S3_*` names, otherwise a Ceph of this run. */
export interface TestS3 {
  /** Prefix of all bucket names. */
  bucketPrefix: string;
  /** The configuration of a store in `bucket`, as an installation on this server would have it. */
  configOf(bucket: string): S3StoreConfig;
  client: S3Client;
  /** Whether a portal without envelope encryption starts on this server only if the bucket keeps versions. */
  needsVersions: boolean;
  /** Creates the bucket `<prefix>-<name>` if it does not exist, and returns its full name. */
  makeBucket(name: string, options: { versioned: boolean }): Promise<string>;
  /** Keys for SSE-KMS; none if the given server has none. */
  kmsKeyIds: string[];
  /** The same server with TLS. Undefined for a given S3 server, or without openssl. */
  tls?: CephTls;
  /** A server that a test may kill. Undefined for a given S3 server. */
  addGateway?(): Promise<TestGateway>;
  /** A user without rights in any bucket. Undefined for a given S3 server. */
  addUser?(): Promise<CephUser>;
}

export interface TestGateway {
  endpoint: string;
  kill9(): Promise<void>;
  start(): Promise<void>;
}

type Server = Pick<S3StoreConfig, "endpoint" | "region" | "credentials" | "profile" | "encryption">;

async function ask<Answer>(address: string): Promise<Answer> {
  const answer = await fetch(`${inject("cephControl")}${address}`, { method: "POST" });
  if (!answer.ok) throw new Error(`Ceph: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

async function addGateway(): Promise<TestGateway> {
  const { id, endpoint } = await ask<{ id: number; endpoint: string }>("/gateways");
  return { endpoint, kill9: () => ask(`/gateways/${id}/kill9`), start: () => ask(`/gateways/${id}/start`) };
}

function givenServer(given: NodeJS.ProcessEnv): Server | undefined {
  const {
    TEST_S3_ENDPOINT: endpoint,
    TEST_S3_ACCESS_KEY_ID: accessKeyId,
    TEST_S3_SECRET_ACCESS_KEY: secretAccessKey,
  } = given;
  if (!given.TEST_S3_BUCKET || !accessKeyId || !secretAccessKey) return undefined;
  const keyId = given.TEST_S3_KMS_KEY_ID;
  const encryption: S3Encryption =
    given.TEST_S3_ENCRYPTION === "aws:kms"
      ? { kind: "aws:kms", ...(keyId ? { keyId } : {}) }
      : { kind: given.TEST_S3_ENCRYPTION === "AES256" ? "AES256" : "none" };
  const profile = (given.TEST_S3_PROFILE ?? (endpoint ? "generic" : "aws")) as S3Profile;
  return {
    ...(endpoint ? { endpoint } : {}),
    region: given.TEST_S3_REGION ?? "us-east-1",
    credentials: { accessKeyId, secretAccessKey },
    profile,
    encryption,
  };
}

function testS3On(
  server: Server,
  bucketPrefix: string,
  more: Pick<TestS3, "kmsKeyIds" | "addGateway" | "addUser" | "tls">,
): TestS3 {
  const forcePathStyle = server.endpoint !== undefined;
  const needsVersions = replacementProblem({ S3_PROFILE: server.profile, S3_VERSIONING: false }) !== null;
  const { endpoint, region, credentials } = server;
  const client = new S3Client({
    ...(endpoint ? { endpoint } : {}),
    region,
    forcePathStyle,
    credentials,
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  // For an unknown server, the settings must declare it.
  const said = needsVersions ? { versioning: true } : {};
  const configOf = (bucket: string): S3StoreConfig => ({ kind: "s3", bucket, forcePathStyle, ...server, ...said });
  const makeBucket = async (name: string, { versioned }: { versioned: boolean }) => {
    const Bucket = `${bucketPrefix}-${name}`;
    const exists = await client.send(new HeadBucketCommand({ Bucket })).then(
      () => true,
      () => false,
    );
    if (!exists) await client.send(new CreateBucketCommand({ Bucket }));
    if (versioned)
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    return Bucket;
  };
  return { bucketPrefix, client, makeBucket, configOf, needsVersions, ...more };
}

async function openTestS3(): Promise<TestS3 | { problem: string }> {
  const given = givenServer(process.env);
  if (given)
    return testS3On(given, process.env.TEST_S3_BUCKET!, {
      kmsKeyIds: process.env.TEST_S3_KMS_KEY_ID ? [process.env.TEST_S3_KMS_KEY_ID] : [],
    });
  const ceph = await ask<CephAnswer>("/");
  if ("problem" in ceph) return ceph;
  const { endpoint, region, kmsKeyIds, accessKeyId, secretAccessKey, tls } = ceph;
  const server = {
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    profile: "ceph",
    encryption: { kind: "aws:kms", keyId: kmsKeyIds[0] },
  } satisfies Server;
  return testS3On(server, `test-${randomUUID().slice(0, 8)}`, {
    kmsKeyIds,
    addGateway,
    addUser: () => ask<CephUser>("/users"),
    ...(tls ? { tls } : {}),
  });
}

/**
 * A suite that needs a real S3 server: `await describeS3("…", (s3) => { … })` at the top of a file.
 * Without a server the suite is skipped and the summary reports it; with `CI=true` that is a failure.
 */
export async function describeS3(name: string, define: (s3: TestS3) => void): Promise<void> {
  const s3 = await openTestS3();
  if (!("problem" in s3)) return void describe(name, () => define(s3));
  const notTested = `${name} (not tested: ${s3.problem}; or name a server in TEST_S3_*)`;
  if (process.env.CI === "true") throw new Error(notTested);
  console.warn(`\n${notTested}\n`);
  describe.skip(notTested, () => it("needs a real S3 server", () => undefined));
}
