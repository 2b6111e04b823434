import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import path from "node:path";
import canonicalize from "canonicalize";
import { z } from "zod";
import { isCanonicalSignedBy, signCanonical, type PublicKeys, type SigningKey } from "@/lib/audit/signing-keys";
import { reportVerdicts, type reportFileKinds } from "@/lib/db/schema/audit-reports";

type FileKind = (typeof reportFileKinds)[number] | "statement";

const endings: Record<FileKind, string> = {
  ...{ pdf: ".pdf", figures: "-figures.csv", accesses: "-accesses.csv", reviews: "-access-reviews.csv" },
  statement: ".json",
};

/** The name of a report's file, as it is downloaded and as the statement names it. */
export const fileName = (number: string, kind: FileKind) => `custodia-${number}${endings[kind]}`;

const statement = z.strictObject({
  type: z.literal("custodia.audit-report.v1"),
  number: z.string(),
  controller: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  issuedAt: z.iso.datetime({ precision: 3 }),
  /** What the verification of the log found for the period. */
  verdict: z.enum(reportVerdicts),
  files: z.array(
    z.strictObject({
      name: z.string().regex(/^[\w.-]+$/),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      sizeBytes: z.int().nonnegative(),
    }),
  ),
  signingKeyId: z.string(),
});

const signedStatement = z.strictObject({ report: statement, signature: z.string().regex(/^[0-9a-f]{128}$/) });

export type ReportStatement = z.output<typeof statement>;

/** One line of JSON, signed with the key that signs the log's seals. Names nobody. */
export function signReport(
  facts: Omit<ReportStatement, "type" | "signingKeyId">,
  { id, privateKey }: SigningKey,
): string {
  const report: ReportStatement = { type: "custodia.audit-report.v1", ...facts, signingKeyId: id };
  return `${canonicalize({ report, signature: signCanonical(report, privateKey) })}\n`;
}

export type VerifiedReport = { holds: boolean; report: ReportStatement | null; problems: string[] };

/**
 * Verifies a statement and the files that lie beside it with public keys alone: no database, no secret.
 * @param folder where the files are.
 */
export async function verifyReport(text: string, folder: string, keys: PublicKeys): Promise<VerifiedReport> {
  const read = parsed(text);
  if (read === null) return { holds: false, report: null, problems: ["the statement cannot be read"] };
  const { report, signature } = read;
  const problems: string[] = [];
  const key = keys.get(report.signingKeyId);
  if (`${canonicalize(read)}\n` !== text) problems.push("the statement is not as it was written");
  if (!key) problems.push(`no public key "${report.signingKeyId}" was given`);
  else if (!isCanonicalSignedBy(report, signature, key))
    problems.push("the signature is not valid: what is signed was altered, or another key signed it");
  for (const { name, sha256 } of report.files) {
    const found = await hashOf(path.join(folder, name)).catch(() => null);
    if (found !== sha256) problems.push(`${name}: ${found === null ? "is missing" : "is not the one that was signed"}`);
  }
  return { holds: problems.length === 0, report, problems };
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

function parsed(text: string): z.output<typeof signedStatement> | null {
  try {
    return signedStatement.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
