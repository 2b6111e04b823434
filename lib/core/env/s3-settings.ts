import { z } from "zod";
import { keepsVersions, S3_PROFILE_NAMES, S3_PROFILES, type S3Profile } from "@/lib/core/env/s3-profiles";
import { detectsReplacement } from "@/lib/core/env/store-capabilities";

const optional = z
  .string()
  .optional()
  .transform((value) => (value === "" ? undefined : value));

const flag = z.enum(["true", "false"]).transform((value) => value === "true");
const optionalFlag = z.preprocess((value) => (value === "" ? undefined : value), flag.optional());

/**
 * The settings of an S3 store. At start it refuses settings that the profile does not support, with one reason each.
 */
export const s3Settings = z
  .object({
    STORE: z.literal("s3"),
    S3_PROFILE: z.enum(S3_PROFILE_NAMES).default("aws"),
    S3_ENDPOINT: optional,
    S3_REGION: z.string().min(1),
    S3_BUCKET: z.string().min(3),
    S3_ACCESS_KEY_ID: optional,
    S3_SECRET_ACCESS_KEY: optional,
    S3_SESSION_TOKEN: optional,
    S3_CREDENTIALS_FILE: optional,
    S3_FORCE_PATH_STYLE: flag.default(false),
    S3_ENCRYPTION: z.enum(["none", "AES256", "aws:kms"]).default("AES256"),
    S3_KMS_KEY_ID: optional,
    S3_VERSIONING: optionalFlag,
    S3_OBJECT_LOCK: flag.default(false),
    S3_IDLE_TIMEOUT_MS: z.coerce.number().int().min(100).default(30_000),
    S3_ATTEMPTS: z.coerce.number().int().min(1).max(10).default(4),
  })
  .superRefine((settings, context) => {
    for (const { variable, message } of settingProblems(settings))
      context.addIssue({ code: "custom", path: [variable], message });
  });

export type S3Settings = z.output<typeof s3Settings>;

/** The problem, after "S3_VERSIONING:", if an upload link could replace an object undetected (`detectsReplacement`). */
export function replacementProblem({
  S3_PROFILE: profile,
  S3_VERSIONING: versioning,
}: Pick<Settings, "S3_PROFILE" | "S3_VERSIONING">): string | null {
  const { capabilities } = S3_PROFILES[profile];
  if (detectsReplacement({ ...capabilities, versioning: keepsVersions({ profile, versioning }) })) return null;
  return (
    `an old upload link may bring other bytes to a store of the profile ${profile}: let the bucket keep versions and ` +
    "set it to true, or set RECORDING_ENCRYPTION=envelope, whose links are the portal's own"
  );
}

interface Settings {
  S3_PROFILE: S3Profile;
  S3_ENDPOINT?: string | undefined;
  S3_BUCKET: string;
  S3_ACCESS_KEY_ID?: string | undefined;
  S3_SECRET_ACCESS_KEY?: string | undefined;
  S3_SESSION_TOKEN?: string | undefined;
  S3_CREDENTIALS_FILE?: string | undefined;
  S3_FORCE_PATH_STYLE: boolean;
  S3_ENCRYPTION: "none" | "AES256" | "aws:kms";
  S3_KMS_KEY_ID?: string | undefined;
  S3_VERSIONING?: boolean | undefined;
  S3_OBJECT_LOCK: boolean;
}

type Problem = { variable: keyof Settings; message: string };

/** Settings that the store would misread, ignore or refuse. */
function settingProblems(settings: Settings): Problem[] {
  return [...credentialProblems(settings), ...encryptionProblems(settings), ...bucketProblems(settings)];
}

function credentialProblems(settings: Settings): Problem[] {
  const {
    S3_ACCESS_KEY_ID: id,
    S3_SECRET_ACCESS_KEY: secret,
    S3_SESSION_TOKEN: token,
    S3_CREDENTIALS_FILE: file,
  } = settings;
  const problems: Problem[] = [];
  if (id && !secret)
    problems.push({ variable: "S3_SECRET_ACCESS_KEY", message: "is needed together with S3_ACCESS_KEY_ID" });
  if (secret && !id)
    problems.push({ variable: "S3_ACCESS_KEY_ID", message: "is needed together with S3_SECRET_ACCESS_KEY" });
  if (token && !id)
    problems.push({
      variable: "S3_SESSION_TOKEN",
      message: "belongs to S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, which are missing",
    });
  if (file && (id || secret))
    problems.push({
      variable: "S3_CREDENTIALS_FILE",
      message: "takes the place of S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: set one or the other",
    });
  return problems;
}

function encryptionProblems({
  S3_PROFILE: profile,
  S3_ENCRYPTION: encryption,
  S3_KMS_KEY_ID: keyId,
}: Settings): Problem[] {
  const { requestableEncryption, encryptionAdvice, kmsKeyRequired } = S3_PROFILES[profile];
  if (!requestableEncryption.includes(encryption)) {
    return [
      {
        variable: "S3_ENCRYPTION",
        message:
          `a store of the profile ${profile} cannot do ${encryption}: ${encryptionAdvice} ` +
          `(possible: ${requestableEncryption.join(", ")})`,
      },
    ];
  }
  if (encryption === "aws:kms" && kmsKeyRequired && !keyId)
    return [
      { variable: "S3_KMS_KEY_ID", message: `the profile ${profile} has no key of its own for aws:kms: name one` },
    ];
  if (encryption !== "aws:kms" && keyId)
    return [{ variable: "S3_KMS_KEY_ID", message: "is used with S3_ENCRYPTION=aws:kms only" }];
  return [];
}

function bucketProblems(settings: Settings): Problem[] {
  const {
    S3_PROFILE: profile,
    S3_ENDPOINT: endpoint,
    S3_VERSIONING: versioning,
    S3_OBJECT_LOCK: objectLock,
  } = settings;
  const { capabilities } = S3_PROFILES[profile];
  const problems: Problem[] = [];
  if (profile !== "aws" && !endpoint)
    problems.push({ variable: "S3_ENDPOINT", message: `the profile ${profile} needs the address of its server` });
  if (!settings.S3_FORCE_PATH_STYLE && settings.S3_BUCKET.includes(".") && !endpoint?.startsWith("http:")) {
    problems.push({
      variable: "S3_FORCE_PATH_STYLE",
      message: "a bucket with a dot in its name has no valid TLS name: set it to true, or choose a name without dots",
    });
  }
  if (versioning && !capabilities.versioning)
    problems.push({ variable: "S3_VERSIONING", message: `a store of the profile ${profile} has no versions` });
  if (objectLock && !capabilities.objectLock)
    problems.push({ variable: "S3_OBJECT_LOCK", message: `a store of the profile ${profile} has no Object Lock` });
  if (objectLock && versioning === false)
    problems.push({ variable: "S3_VERSIONING", message: "Object Lock locks versions: leave it true" });
  return problems;
}
