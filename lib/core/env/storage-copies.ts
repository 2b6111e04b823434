import { z } from "zod";
import { parseKeyList } from "@/lib/core/crypto/key-list";

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "needs 1 to 40 lowercase letters, digits and hyphens")
  .refine((value) => value !== "disk", 'may not be "disk", which names the primary store');

const keys = z.string().transform((value, context) => {
  try {
    return parseKeyList(value, 32);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

const diskCopy = z.strictObject({ name, kind: z.literal("disk"), path: z.string().min(1), keys });

const s3Copy = z.strictObject({
  name,
  kind: z.literal("s3"),
  profile: z.enum(["aws", "spaces", "minio", "ceph", "r2", "generic"]).default("aws"),
  endpoint: z.url().optional(),
  region: z.string().min(1),
  bucket: z.string().min(3),
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  sessionToken: z.string().min(1).optional(),
  forcePathStyle: z.boolean().default(false),
  /** Encryption of the control object, which proofs of absence use. The replication encrypts the recordings. */
  encryption: z.enum(["none", "AES256", "aws:kms"]).default("none"),
  kmsKeyId: z.string().min(1).optional(),
});

const copyList = z.array(z.discriminatedUnion("kind", [diskCopy, s3Copy])).max(8);

export type StorageCopy = z.output<typeof copyList>[number];

/**
 * The setting STORAGE_COPIES: a JSON list of stores to which the company copies recordings under the same object keys.
 * Errors name the path and the reason, never the value, which contains secrets.
 */
export const storageCopies = z
  .string()
  .default("")
  .transform((text, context): StorageCopy[] => {
    const fail = (message: string) => void context.addIssue({ code: "custom", message });
    const parsed = copyList.safeParse(readJson(text));
    if (!parsed.success) {
      if (readJson(text) === undefined) fail("is not JSON");
      else for (const issue of parsed.error.issues) fail(`[${issue.path.join(".")}] ${issue.message}`);
      return z.NEVER;
    }
    const names = parsed.data.map((copy) => copy.name);
    if (new Set(names).size === names.length) return parsed.data;
    fail("has two copies of the same name");
    return z.NEVER;
  });

function readJson(text: string): unknown {
  if (text.trim() === "") return [];
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
