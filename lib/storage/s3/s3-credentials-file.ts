import { readFile, stat } from "node:fs/promises";
import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { loadSharedConfigFiles } from "@smithy/core/config";
import { z } from "zod";
import { log } from "@/lib/core/log";
import { StoreError } from "@/lib/storage/store-error";

type Credentials = Exclude<NonNullable<S3ClientConfig["credentials"]>, (...never: never[]) => unknown>;

const CHECK_INTERVAL_MS = 1000;
/** Keys that expire within this time are read again at each check: new keys may have the same time stamp. */
const EXPIRES_SOON_MS = 60_000;

const fileContent = z
  .union([
    z.object({
      AccessKeyId: z.string().min(1),
      SecretAccessKey: z.string().min(1),
      SessionToken: z.string().optional(),
      Expiration: z.coerce.date().optional(),
    }),
    z.object({
      aws_access_key_id: z.string().min(1),
      aws_secret_access_key: z.string().min(1),
      aws_session_token: z.string().optional(),
      aws_credential_expiration: z.coerce.date().optional(),
    }),
  ])
  .transform((found) =>
    "AccessKeyId" in found
      ? credentialsOf(found.AccessKeyId, found.SecretAccessKey, found.SessionToken, found.Expiration)
      : credentialsOf(
          found.aws_access_key_id,
          found.aws_secret_access_key,
          found.aws_session_token,
          found.aws_credential_expiration,
        ),
  );

/**
 * Keys from a file that a secrets manager writes: JSON as of an AWS `credential_process`, or AWS ini (`[default]`).
 * Checks the file once a second and reads it again after a change. While a file is incomplete, the current keys remain.
 * `memoized` prevents the SDK from caching keys without an expiry for the life of the process.
 * @throws StoreError `forbidden` if no keys were read yet, or the last ones have expired.
 */
export function credentialsFromFile(path: string) {
  let current: Credentials | null = null;
  let currentMark = "";
  let checkedAt = 0;
  const provide = async (): Promise<Credentials> => {
    const now = Date.now();
    if (current && now - checkedAt < CHECK_INTERVAL_MS && !endsBefore(current, now)) return current;
    checkedAt = now;
    try {
      const mark = await fileMark(path);
      if (!current || mark !== currentMark || endsBefore(current, now + EXPIRES_SOON_MS)) {
        current = sameKeys(current, await readCredentials(path));
        currentMark = mark;
      }
    } catch (error) {
      log.warn(
        { reason: (error as NodeJS.ErrnoException).code ?? (error as Error).name },
        "the file of S3_CREDENTIALS_FILE cannot be read",
      );
    }
    if (!current || endsBefore(current, now))
      throw new StoreError("forbidden", "The file of S3_CREDENTIALS_FILE has no valid keys.");
    return current;
  };
  return Object.assign(provide, { memoized: true });
}

async function readCredentials(path: string): Promise<Credentials> {
  const text = await readFile(path, "utf8");
  if (text.trimStart().startsWith("{")) return fileContent.parse(JSON.parse(text));
  const { credentialsFile } = await loadSharedConfigFiles({ filepath: path, configFilepath: path, ignoreCache: true });
  return fileContent.parse(credentialsFile.default ?? {});
}

/** A mounted secret is replaced by a link to another inode, which may have the same time and size. */
async function fileMark(path: string): Promise<string> {
  const { mtimeMs, ino, size } = await stat(path);
  return `${mtimeMs}:${ino}:${size}`;
}

function credentialsOf(
  accessKeyId: string,
  secretAccessKey: string,
  sessionToken?: string,
  expiration?: Date,
): Credentials {
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
    ...(expiration ? { expiration } : {}),
  };
}

/** Returns the same object for unchanged keys: the signer caches derived keys by object. */
function sameKeys(before: Credentials | null, after: Credentials): Credentials {
  const same =
    before?.accessKeyId === after.accessKeyId &&
    before.secretAccessKey === after.secretAccessKey &&
    before.sessionToken === after.sessionToken;
  return same && before.expiration?.getTime() === after.expiration?.getTime() ? before : after;
}

const endsBefore = ({ expiration }: Credentials, time: number) =>
  expiration !== undefined && expiration.getTime() <= time;
