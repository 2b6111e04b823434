import { z } from "zod";
import { S3_PROFILE_NAMES } from "@/lib/core/env/s3-profiles";
import { s3SettingProblems } from "@/lib/core/env/s3-setting-problems";

const optional = z
  .string()
  .optional()
  .transform((value) => (value === "" ? undefined : value));

const flag = z.enum(["true", "false"]).transform((value) => value === "true");
const optionalFlag = z.preprocess((value) => (value === "" ? undefined : value), flag.optional());

/** The environment of an S3 store. Combinations that the profile cannot do are refused at the start, each in a sentence. */
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
    for (const { variable, message } of s3SettingProblems(settings))
      context.addIssue({ code: "custom", path: [variable], message });
  });

export type S3Settings = z.output<typeof s3Settings>;
