import { describe, expect, test } from "vitest";
import { EnvironmentError, parseEnv } from "@/lib/core/env";

/** A complete environment with changes; undefined removes a variable. */
const environment = (changes: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries({ ...process.env, ...changes }).filter(([, value]) => value !== undefined));
const problemsOf = (changes: Record<string, string | undefined>): string => {
  try {
    parseEnv(environment(changes));
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
  }
  throw new Error("it was accepted");
};

test("accepts a complete environment, frozen and with defaults", () => {
  const env = parseEnv(environment({ CONTROLLER_TIME_ZONE: undefined, UNKNOWN: "x" }));
  expect(env).toMatchObject({
    PLAYBACK_DELIVERY: "gateway",
    TRUSTED_PROXY_COUNT: 0,
    CONTROLLER_TIME_ZONE: "America/Sao_Paulo",
  });
  expect(Object.isFrozen(env)).toBe(true);
});

test("reads a variable under its former name too; the present name takes precedence", () => {
  const above = (changes: Record<string, string>) =>
    parseEnv(environment({ DELETION_ORDER_SECOND_PERSON_ABOVE: undefined, ...changes }))
      .DELETION_ORDER_SECOND_PERSON_ABOVE;
  expect(above({})).toBe(100);
  expect(above({ CLEANUP_SECOND_PERSON_ABOVE: "7" })).toBe(7);
  expect(above({ CLEANUP_SECOND_PERSON_ABOVE: "7", DELETION_ORDER_SECOND_PERSON_ABOVE: "8" })).toBe(8);
});

describe("names each wrong variable, never its value", () => {
  test.each<[string, string | undefined]>([
    ["NEXTAUTH_URL", "ftp://x"],
    ["NEXTAUTH_SECRET", "short-secret-text"],
    ["DATABASE_URL", "mysql://user:hidden@x"],
    ["CRON_SECRET", undefined],
    ["FIELD_ENCRYPTION_KEYS", "k1:c2hvcnQ="],
    ["BLIND_INDEX_KEY", "c2hvcnQ="],
    ["LINK_SIGNING_KEYS", ""],
    ["AUDIT_HMAC_KEYS", "hidden"],
    ["PLAYBACK_DELIVERY", "both"],
    ["CONTROLLER_TIME_ZONE", "Brazil/Nowhere"],
    ["TRUSTED_PROXY_COUNT", "-1"],
    ["STORE", "ftp"],
    ["DISK_STORE_PATH", ""],
    ["LOG_LEVEL", "loud"],
    ["STORAGE_COPIES", "{not json"],
    ["STORAGE_COPIES", '[{"name":"copy","kind":"s3","region":"sa-east-1","bucket":"hidden-bucket"}]'],
    ["STORAGE_COPIES", '[{"name":"Copy B","kind":"disk","path":"/hidden/path","keys":"hidden"}]'],
  ])("%s = %s", (name, value) => {
    const message = problemsOf({ [name]: value });
    expect(message).toContain(`  ${name}: `);
    if (value && value.length > 5) expect(message).not.toContain(value);
  });

  test("all at once, one per line", () => {
    const message = problemsOf({ CRON_SECRET: "x", NEXTAUTH_SECRET: undefined });
    expect(message.split("\n").filter((line) => line.startsWith("  "))).toHaveLength(2);
    expect(message).toContain("NEXTAUTH_SECRET: is missing");
  });
});

test("names copies, and states the position of a wrong one", () => {
  const copy = (name: string) => ({
    name,
    kind: "s3",
    region: "us-east-1",
    bucket: "bucket",
    accessKeyId: "id",
    secretAccessKey: "secret",
  });
  const accepted = parseEnv(environment({ STORAGE_COPIES: JSON.stringify([copy("second-region")]) }));
  expect(accepted.STORAGE_COPIES).toMatchObject([{ name: "second-region", profile: "aws", forcePathStyle: false }]);
  expect(parseEnv(environment({ STORAGE_COPIES: "" })).STORAGE_COPIES).toEqual([]);
  expect(problemsOf({ STORAGE_COPIES: JSON.stringify([copy("a"), copy("a")]) })).toContain(
    "STORAGE_COPIES: has two copies of the same name",
  );
  expect(problemsOf({ STORAGE_COPIES: JSON.stringify([copy("a"), { ...copy("b"), bucket: undefined }]) })).toContain(
    "STORAGE_COPIES: [1.bucket] ",
  );
  expect(problemsOf({ STORAGE_COPIES: JSON.stringify([copy("disk")]) })).toContain('may not be "disk"');
});

test("requires the variables of S3 for an S3 store, and none of the disk's", () => {
  const s3 = {
    STORE: "s3",
    DISK_STORE_PATH: undefined,
    DISK_STORE_KEYS: undefined,
    S3_REGION: "sa-east-1",
    S3_BUCKET: "bucket",
    S3_ACCESS_KEY_ID: "id",
    S3_SECRET_ACCESS_KEY: "secret",
  };
  expect(parseEnv(environment({ ...s3, S3_FORCE_PATH_STYLE: "true" }))).toMatchObject({
    S3_ENCRYPTION: "AES256",
    S3_FORCE_PATH_STYLE: true,
  });
  expect(problemsOf({ ...s3, S3_BUCKET: undefined })).toContain("S3_BUCKET: is missing");
});
