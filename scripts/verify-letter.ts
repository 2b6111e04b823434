import { open, readFile } from "node:fs/promises";
import type { PublicKeys } from "@/lib/audit/signing-keys";
import { isLetterStatement, verifyLetter, type LetterReport } from "@/lib/subject-requests/letter/letter-statement";

/** Whether a file is the signed statement of an answer letter. Reads its first bytes: receipts may be long. */
export async function isOfLetter(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(64) });
    return isLetterStatement(buffer.toString("utf8", 0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** Verifies an answer letter with its statement. @returns the report and its text. */
export async function verifyLetterFiles(
  statement: string,
  pdf: string,
  keys: PublicKeys,
): Promise<{ report: LetterReport; text: string }> {
  const report = verifyLetter(await readFile(statement, "utf8"), await readFile(pdf), keys);
  return { report, text: textOf(report) };
}

function textOf({ holds, letter, problems }: LetterReport): string {
  const failed = problems.map((problem) => `  FAILS  ${problem}`);
  if (!letter) return ["INVALID: this is not the statement of a letter.", ...failed].join("\n");
  const head = `letter ${letter.number} of ${letter.controller}, protocol ${letter.protocol}`;
  if (!holds) return [`INVALID: ${head}. Do not rely on it.`, ...failed].join("\n");
  return [
    `VALID: ${head}`,
    `  ok     signature: signed with the key "${letter.signingKeyId}"`,
    `  ok     letter: ${letter.sizeBytes} bytes, SHA-256 ${letter.sha256}`,
    `Issued ${letter.issuedAt}.`,
    "A signature by the company's certificate, if the PDF has one, is checked by PDF readers, or with pdfsig.",
  ].join("\n");
}
