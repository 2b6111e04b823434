import { describe, expect, it, test } from "vitest";
import { EnvironmentError, parseEnv } from "@/lib/core/env";
import { s3ConfigOf } from "@/lib/storage/bucket-config";
import { S3_PROFILE_NAMES } from "@/lib/core/env/s3-profiles";
import type { S3Settings } from "@/lib/core/env/s3-settings";
import { createObjectStore } from "@/lib/storage/store-from-config";

const base = {
  STORE: "s3",
  S3_REGION: "sa-east-1",
  S3_BUCKET: "recordings",
  S3_ACCESS_KEY_ID: "id",
  S3_SECRET_ACCESS_KEY: "secret",
};
const own = { S3_ENDPOINT: "https://s3.example.com" };
const parsed = (changes: Record<string, string>) =>
  parseEnv({ ...process.env, ...base, ...changes }) as unknown as S3Settings;
const problemOf = (changes: Record<string, string>): string => {
  try {
    parsed(changes);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
  }
  throw new Error("it was accepted");
};

test.each<[Record<string, string>, string]>([
  [
    { S3_PROFILE: "ceph", ...own },
    "S3_ENCRYPTION: a store of the profile ceph cannot do AES256: without a Vault Ceph refuses AES256",
  ],
  [{ S3_PROFILE: "spaces", ...own }, "S3_ENCRYPTION: a store of the profile spaces cannot do AES256"],
  [
    { S3_PROFILE: "r2", ...own, S3_ENCRYPTION: "aws:kms" },
    "S3_ENCRYPTION: a store of the profile r2 cannot do aws:kms: R2 encrypts everything",
  ],
  [{ S3_PROFILE: "ceph", ...own, S3_ENCRYPTION: "aws:kms" }, "S3_KMS_KEY_ID: the profile ceph has no key of its own"],
  [{ S3_KMS_KEY_ID: "key" }, "S3_KMS_KEY_ID: is used with S3_ENCRYPTION=aws:kms only"],
  [{ S3_PROFILE: "minio" }, "S3_ENDPOINT: the profile minio needs the address"],
  [{ S3_BUCKET: "a.bucket" }, "S3_FORCE_PATH_STYLE: a bucket with a dot"],
  [
    { S3_PROFILE: "r2", ...own, S3_ENCRYPTION: "none", S3_VERSIONING: "true" },
    "S3_VERSIONING: a store of the profile r2 has no versions",
  ],
  [
    { S3_PROFILE: "spaces", ...own, S3_ENCRYPTION: "none", S3_OBJECT_LOCK: "true" },
    "S3_OBJECT_LOCK: a store of the profile spaces has no Object Lock",
  ],
  [
    { S3_PROFILE: "generic", ...own },
    "S3_VERSIONING: an old upload link may bring other bytes to a store of the profile generic",
  ],
  [
    { S3_PROFILE: "generic", ...own, S3_VERSIONING: "false" },
    "S3_VERSIONING: an old upload link may bring other bytes to a store of the profile generic",
  ],
  [{ S3_OBJECT_LOCK: "true", S3_VERSIONING: "false" }, "S3_VERSIONING: Object Lock locks versions"],
  [{ S3_SECRET_ACCESS_KEY: "" }, "S3_SECRET_ACCESS_KEY: is needed together"],
  [{ S3_ACCESS_KEY_ID: "" }, "S3_ACCESS_KEY_ID: is needed together"],
  [{ S3_ACCESS_KEY_ID: "", S3_SECRET_ACCESS_KEY: "", S3_SESSION_TOKEN: "t" }, "S3_SESSION_TOKEN: belongs to"],
  [{ S3_CREDENTIALS_FILE: "/run/keys" }, "S3_CREDENTIALS_FILE: takes the place of"],
  [{ S3_PROFILE: "wasabi" }, "S3_PROFILE: "],
])("%j is refused: %s", (changes, message) => {
  expect(problemOf(changes)).toContain(`  ${message}`);
});

describe("the declared capabilities of a store", () => {
  const storeOf = (changes: Record<string, string>) => createObjectStore(s3ConfigOf(parsed(changes)));

  it("include Object Lock only when the settings say so too", () => {
    expect(storeOf({})).toMatchObject({ capabilities: { objectLock: false, versioning: true }, legalHold: null });
    const locked = storeOf({ S3_OBJECT_LOCK: "true" });
    expect(locked.capabilities.objectLock).toBe(true);
    expect(locked.legalHold).not.toBeNull();
  });

  it("include versions when the profile has them, unless the settings say no", () => {
    expect(storeOf({ S3_VERSIONING: "false" }).capabilities.versioning).toBe(false);
    expect(storeOf({ S3_PROFILE: "r2", ...own, S3_ENCRYPTION: "none" }).capabilities.versioning).toBe(false);
  });

  it("include none for an unknown server unless the settings say so; its links are the portal's own", () => {
    const generic = { S3_PROFILE: "generic", ...own };
    expect(storeOf({ ...generic, S3_VERSIONING: "true" }).capabilities.versioning).toBe(true);
    for (const S3_VERSIONING of ["", "false"]) {
      expect(
        storeOf({
          ...generic,
          S3_VERSIONING,
          RECORDING_ENCRYPTION: "envelope",
          ENVELOPE_KEYS: process.env.ENVELOPE_KEYS!,
        }).capabilities.versioning,
      ).toBe(false);
    }
  });

  it.each(S3_PROFILE_NAMES.filter((profile) => profile !== "generic"))(
    "%s without versions: an old link stores nothing, or the same bytes",
    (S3_PROFILE) => {
      const { capabilities } = storeOf({ S3_PROFILE, ...own, S3_ENCRYPTION: "none", S3_VERSIONING: "false" });
      expect(capabilities.versioning).toBe(false);
      expect(capabilities.conditionalWrite || capabilities.sha256Verified).toBe(true);
    },
  );

  it("leave the credentials to the SDK's own chain when none are given", () => {
    expect(s3ConfigOf(parsed({ S3_ACCESS_KEY_ID: "", S3_SECRET_ACCESS_KEY: "" })).credentials).toBeUndefined();
    expect(
      typeof s3ConfigOf(parsed({ S3_ACCESS_KEY_ID: "", S3_SECRET_ACCESS_KEY: "", S3_CREDENTIALS_FILE: "/run/keys" }))
        .credentials,
    ).toBe("function");
  });
});
