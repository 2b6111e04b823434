import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";
import { isCanonicalSignedBy, signCanonical, type PublicKeys, type SigningKey } from "@/lib/audit/signing-keys";

const statement = z.strictObject({
  type: z.literal("custodia.answer-letter.v1"),
  number: z.string(),
  protocol: z.string().regex(/^\d{15}$/),
  controller: z.string(),
  issuedAt: z.iso.datetime({ precision: 3 }),
  /** Of the PDF, with the signature of the company's certificate if there is one. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().positive(),
  signingKeyId: z.string(),
});

const signedStatement = z.strictObject({ letter: statement, signature: z.string().regex(/^[0-9a-f]{128}$/) });

export type LetterStatement = z.output<typeof statement>;

/** The name of the file beside the letter. */
export const statementFile = (number: string) => `custodia-${number}.json`;

/** Signs with the key that signs the audit log's seals. Names nobody: it may be shown to anyone. */
export function signLetter(
  pdf: Buffer,
  facts: Pick<LetterStatement, "number" | "protocol" | "controller"> & { issuedAt: string },
  { id, privateKey }: SigningKey,
): string {
  const letter: LetterStatement = {
    type: "custodia.answer-letter.v1",
    ...facts,
    issuedAt: new Date(facts.issuedAt).toISOString(),
    sha256: hash("sha256", pdf, "hex"),
    sizeBytes: pdf.length,
    signingKeyId: id,
  };
  return `${canonicalize({ letter, signature: signCanonical(letter, privateKey) })}\n`;
}

/** Whether a file is the statement of a letter, and no receipt. */
export const isLetterStatement = (text: string) => text.startsWith('{"letter":');

export type LetterReport = { holds: boolean; letter: LetterStatement | null; problems: string[] };

/** Verifies a letter with its statement and public keys alone: no database, no secret. */
export function verifyLetter(text: string, pdf: Buffer, keys: PublicKeys): LetterReport {
  const read = readStatement(text);
  if (read === null) return { holds: false, letter: null, problems: ["the statement cannot be read"] };
  const { letter, signature } = read;
  const problems: string[] = [];
  const key = keys.get(letter.signingKeyId);
  if (`${canonicalize(read)}\n` !== text) problems.push("the statement is not as it was written");
  if (!key) problems.push(`no public key "${letter.signingKeyId}" was given`);
  else if (!isCanonicalSignedBy(letter, signature, key))
    problems.push("the signature is not valid: what is signed was altered, or another key signed it");
  if (hash("sha256", pdf, "hex") !== letter.sha256 || pdf.length !== letter.sizeBytes)
    problems.push("the letter is not the one that was signed");
  return { holds: problems.length === 0, letter, problems };
}

function readStatement(text: string): z.output<typeof signedStatement> | null {
  try {
    return signedStatement.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
