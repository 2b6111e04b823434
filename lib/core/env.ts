import { z } from "zod";
import { parseKeyList } from "@/lib/core/crypto/key-list";
import { storageCopies } from "@/lib/core/env/storage-copies";
import { attestationSettings, missingAttestationSettings } from "@/lib/core/env/attestation-settings";
import { certificateSettings } from "@/lib/core/env/certificate-settings";
import { messageSettings, missingMessageSettings } from "@/lib/core/env/message-settings";
import { passwordSettings } from "@/lib/core/env/password-settings";
import { publicRequestSettings } from "@/lib/core/env/public-request-settings";
import { requestRetentionSettings } from "@/lib/core/env/request-retention-settings";
import { lacksSiemSecret, siemSettings } from "@/lib/core/env/siem-settings";
import { missingSsoSettings, ssoSettings } from "@/lib/core/env/sso-settings";
import { replacementProblem } from "@/lib/core/env/s3-settings";
import { s3Settings } from "@/lib/core/env/s3-settings";

const keyList = (bytes: number) =>
  z.string().transform((value, context) => {
    try {
      return parseKeyList(value, bytes);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
      return z.NEVER;
    }
  });

const optional = z
  .string()
  .optional()
  .transform((value) => (value === "" ? undefined : value));

const timeZone = z
  .string()
  .refine((zone) => Intl.supportedValuesOf("timeZone").includes(zone), "is not an IANA time zone");

const flag = z.enum(["true", "false"]).transform((value) => value === "true");

const shared = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  NEXTAUTH_URL: z.url({ protocol: /^https?$/ }),
  NEXTAUTH_SECRET: z.string().min(32, "needs at least 32 characters"),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "is not a postgres:// address"),
  MIGRATION_DATABASE_URL: optional,
  DATABASE_PREPARED_STATEMENTS: flag.default(true),
  CRON_SECRET: z.string().min(32, "needs at least 32 characters"),
  FIELD_ENCRYPTION_KEYS: keyList(32),
  BLIND_INDEX_KEY: z
    .base64()
    .transform((value) => Buffer.from(value, "base64"))
    .refine((key) => key.length === 32, "must be 32 bytes in base64"),
  AUDIT_HMAC_KEYS: keyList(32),
  AUDIT_SIGNING_KEYS: keyList(0),
  AUDIT_LOG_ORIGIN: optional.pipe(
    z
      .string()
      .regex(/^[!-*,-~]{1,100}$/, "must be up to 100 visible ASCII characters without + or blanks")
      .optional(),
  ),
  LINK_SIGNING_KEYS: keyList(32),
  STORAGE_COPIES: storageCopies,
  RECORDING_ENCRYPTION: z.enum(["store", "envelope"]).default("store"),
  ENVELOPE_KEYS: optional.pipe(keyList(32).optional()),
  ENVELOPE_KMS_KEY_ID: optional,
  ENVELOPE_KMS_REGION: optional,
  ENVELOPE_KMS_ENDPOINT: optional,
  ENVELOPE_KMS_ACCESS_KEY_ID: optional,
  ENVELOPE_KMS_SECRET_ACCESS_KEY: optional,
  ENVELOPE_KMS_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  /** Searches by number, CPF or CNPJ in 24 hours, for each person who sees numbers masked. */
  NUMBER_SEARCHES_PER_DAY: z.coerce.number().int().min(1).max(100_000).default(200),
  PLAYBACK_DELIVERY: z.enum(["gateway", "presigned"]).default("gateway"),
  MEDIA_TRANSCODER: z
    .string()
    .regex(/^(off|ffmpeg|\/[^\0]+)$/, "must be off, ffmpeg or an absolute path")
    .default("off"),
  CONTROLLER_NAME: z.string().min(1).default("Custodia"),
  CONTROLLER_TIME_ZONE: timeZone.default("America/Sao_Paulo"),
  DATABASE_BACKUP_DAYS: z.coerce.number().int().min(0).max(3650).default(35),
  DELETION_ORDER_SECOND_PERSON_ABOVE: z.coerce.number().int().min(0).default(100),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  TRUSTED_PROXY_COUNT: z.coerce.number().int().min(0).max(5).default(0),
  ...messageSettings,
  ...publicRequestSettings,
  ...requestRetentionSettings,
  ...certificateSettings,
  ...attestationSettings,
  ...siemSettings,
  ...ssoSettings,
  ...passwordSettings,
});

const diskStore = z.object({
  STORE: z.literal("disk"),
  DISK_STORE_PATH: z.string().min(1),
  DISK_STORE_KEYS: keyList(32),
});

const supabaseStore = z.object({
  STORE: z.literal("supabase"),
  SUPABASE_URL: z.url({ protocol: /^https?$/ }),
  SUPABASE_SERVICE_KEY: z.string().min(20, "is not a service key"),
  SUPABASE_BUCKET: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$/, "is not the name of a bucket"),
  SUPABASE_MAX_UPLOAD_BYTES: z.coerce
    .number()
    .int()
    .min(1024 ** 2)
    .max(5 * 1024 ** 3)
    .default(50 * 1024 ** 2),
});

const schema = shared
  .and(z.discriminatedUnion("STORE", [diskStore, s3Settings, supabaseStore]))
  .superRefine((settings, context) => {
    const problem =
      settings.STORE === "s3" && settings.RECORDING_ENCRYPTION === "store" ? replacementProblem(settings) : null;
    if (problem) context.addIssue({ code: "custom", path: ["S3_VERSIONING"], message: problem });
    const missing = [missingMessageSettings, missingAttestationSettings, missingSsoSettings];
    for (const [name, needed] of missing.flatMap((missingOf): (readonly [string, string])[] => missingOf(settings)))
      context.addIssue({ code: "custom", path: [needed], message: `is needed with ${name}` });
    if (lacksSiemSecret(settings))
      context.addIssue({
        code: "custom",
        path: ["SIEM_STREAM_SECRETS"],
        message: "is needed with SIEM_STREAM_URL and SIEM_STREAM_FORMAT=webhook",
      });
    const hasKey = settings.ENVELOPE_KEYS !== undefined || settings.ENVELOPE_KMS_KEY_ID !== undefined;
    if (settings.RECORDING_ENCRYPTION === "store" || hasKey) return;
    context.addIssue({
      code: "custom",
      path: ["RECORDING_ENCRYPTION"],
      message: "envelope needs ENVELOPE_KEYS or ENVELOPE_KMS_KEY_ID",
    });
  });

export type Env = z.output<typeof schema>;

/** Thrown at start. Names each invalid variable and the problem, never the value. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

/** Former names of variables, each with the present name. */
const formerNames = { CLEANUP_SECOND_PERSON_ABOVE: "DELETION_ORDER_SECOND_PERSON_ABOVE" } as const;

/** The variables that are set under a former name, with their present names. */
function withFormerNames(source: Record<string, string | undefined>): Record<string, string | undefined> {
  const set = Object.entries(formerNames).filter(([former]) => source[former] !== undefined);
  return Object.fromEntries(set.map(([former, name]) => [name, source[former]]));
}

/**
 * Validates an environment. Unknown variables are ignored.
 * @throws EnvironmentError with one line for each invalid variable.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const parsed = schema.safeParse({ ...withFormerNames(source), ...source });
  if (parsed.success) return Object.freeze(parsed.data);
  const lines = parsed.error.issues.map((issue) => {
    const name = issue.path.join(".") || "environment";
    return `  ${name}: ${name in source || issue.code === "custom" ? problemOf(issue) : "is missing"}`;
  });
  throw new EnvironmentError(
    `The environment is not complete:\n${[...new Set(lines)].join("\n")}\n.env.example describes each variable.`,
  );
}

/** Of a setting that may be empty, what is wrong with its text, not that it is not empty. */
function problemOf(issue: z.core.$ZodIssue): string {
  return (issue.code === "invalid_union" ? issue.errors.at(-1)?.[0]?.message : undefined) ?? issue.message;
}

let cached: Env | undefined;

/** The validated environment of this process, parsed at the first call. */
export function env(): Env {
  return (cached ??= parseEnv(process.env));
}
