import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import { kmsDataKeyWrapper, kmsClient } from "@/lib/encryption-keys/kms-data-key-wrapper";
import { parseEnv } from "@/lib/core/env";
import { startKmsServer, type KmsFault, type KmsServer } from "../../support/kms-server";

/** `TEST_KMS_*` name a live key service; without them a fake at the network edge answers. */
const live = process.env.TEST_KMS_KEY_ID
  ? Object.fromEntries(
      ["KEY_ID", "REGION", "ENDPOINT", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY"].flatMap((name) =>
        process.env[`TEST_KMS_${name}`] ? [[`ENVELOPE_KMS_${name}`, process.env[`TEST_KMS_${name}`]!]] : [],
      ),
    )
  : null;

let edge: KmsServer;
let keyArn: string;

const wrapperOf = (settings: Record<string, string>): DataKeyWrapper => {
  const environment = parseEnv({ ...process.env, ...settings });
  return kmsDataKeyWrapper(kmsClient(environment), environment.ENVELOPE_KMS_KEY_ID!);
};
const key = () => randomBytes(32);
const objectKey = "recordings/0199c2c4-6f6c-7000-8000-000000000001";

beforeAll(async () => {
  edge = await startKmsServer();
  keyArn = edge.makeKey();
});

afterAll(() => edge.close());

describe(`a key wrapped by ${live ? "the key service of TEST_KMS_*" : "a key service"}`, () => {
  const keys = () => wrapperOf(live ?? edge.environment(keyArn));

  test("unwraps for its object, and names the wrapping key", async () => {
    const secret = key();
    const { keyId, wrappedKey } = await keys().wrap(secret, objectKey);
    expect(keyId).toMatch(/^kms:arn:aws[a-z-]*:kms:/);
    expect(wrappedKey.includes(secret)).toBe(false);
    expect((await keys().unwrap(keyId, wrappedKey, objectKey)).equals(secret)).toBe(true);
  });

  test("does not unwrap for another object, with a changed bit, or cut", async () => {
    const { keyId, wrappedKey } = await keys().wrap(key(), objectKey);
    const altered = Buffer.from(wrappedKey);
    altered[altered.length - 20]! ^= 1;
    for (const [blob, name] of [
      [wrappedKey, `${objectKey}-other`],
      [altered, objectKey],
      [wrappedKey.subarray(0, -1), objectKey],
    ] as const) {
      await expect(keys().unwrap(keyId, blob, name)).rejects.toMatchObject({
        name: "ChunkedAeadError",
        code: "tampered",
      });
    }
  });
});

describe("a key service that refuses or is unavailable", () => {
  afterEach(() => {
    edge.fault = null;
    edge.setState(keyArn, "Enabled");
  });

  test("refuses a data key that another wrapping key wrapped", async () => {
    const keys = wrapperOf(edge.environment(keyArn));
    const other = edge.makeKey();
    const { wrappedKey } = await wrapperOf(edge.environment(other)).wrap(key(), objectKey);
    await expect(keys.unwrap(`kms:${keyArn}`, wrappedKey, objectKey)).rejects.toMatchObject({ code: "tampered" });
  });

  test.each(["Disabled", "PendingDeletion"] as const)(
    "reports a key that is %s as unavailable, not altered, and works again afterwards",
    async (state) => {
      const keys = wrapperOf(edge.environment(keyArn));
      const secret = key();
      const { keyId, wrappedKey } = await keys.wrap(secret, objectKey);
      edge.setState(keyArn, state);
      await expect(keys.unwrap(keyId, wrappedKey, objectKey)).rejects.toMatchObject({ code: "unknown_key" });
      await expect(keys.wrap(key(), objectKey)).rejects.toMatchObject({
        name: state === "Disabled" ? "DisabledException" : "KMSInvalidStateException",
      });
      edge.setState(keyArn, "Enabled");
      expect((await keys.unwrap(keyId, wrappedKey, objectKey)).equals(secret)).toBe(true);
    },
  );

  test.each<[KmsFault, string, number]>([
    ["AccessDeniedException", "AccessDeniedException", 1],
    ["ThrottlingException", "ThrottlingException", 3],
    ["KMSInternalException", "KMSInternalException", 3],
    ["hang", "TimeoutError", 0],
  ])("reports %s by its own code, and retries only where that may help", async (fault, name, asked) => {
    const keys = wrapperOf(edge.environment(keyArn));
    const { keyId, wrappedKey } = await keys.wrap(key(), objectKey);
    const before = edge.requests.length;
    edge.fault = fault;
    await expect(keys.unwrap(keyId, wrappedKey, objectKey)).rejects.toMatchObject({ name });
    expect(edge.requests.length - before).toBe(asked);
  });

  test("refuses wrong credentials by the signature", async () => {
    const keys = wrapperOf({ ...edge.environment(keyArn), ENVELOPE_KMS_SECRET_ACCESS_KEY: "another" });
    await expect(keys.wrap(key(), objectKey)).rejects.toMatchObject({ name: "InvalidSignatureException" });
  });

  test("refuses an address without TLS, except on this machine", () => {
    expect(() => wrapperOf({ ...edge.environment(keyArn), ENVELOPE_KMS_ENDPOINT: "http://kms.example.com" })).toThrow(
      "must begin with https://",
    );
  });
});
