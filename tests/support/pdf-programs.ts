import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execFile } from "node:child_process";
import { describe, it } from "vitest";
import { programsProblem } from "../../scripts/launch/debian-programs.mjs";

const problem = () =>
  programsProblem({
    name: "Poppler and OpenSSL",
    programs: ["pdfinfo", "pdffonts", "pdftotext", "pdfsig", "certutil", "openssl", "qpdf"],
    packages: ["poppler-utils", "libnss3-tools", "openssl", "qpdf"],
    message: "  Installing Poppler, NSS and OpenSSL from Debian's packages (once; some seconds) ...",
  });

export type Ran = { code: number; output: string };

/** Runs a program to its end; its output and its errors in one text. */
export const ran = (program: string, args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) =>
    execFile(program, args, { maxBuffer: 64 * 1024 ** 2 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    ),
  );

/**
 * A suite that needs programs of Debian that read PDF. Without them it is skipped by name; with `CI=true` that is a
 * failure.
 */
export function describePdfPrograms(name: string, define: () => void): void {
  const missing = problem();
  if (!missing) return void describe(name, define);
  const notTested = `${name} (not tested: ${missing})`;
  if (process.env.CI === "true") throw new Error(notTested);
  console.warn(`\n${notTested}\n`);
  describe.skip(notTested, () => it("needs Poppler", () => undefined));
}

/** What a PDF says, as one line. */
export async function pdfText(pdf: Uint8Array): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-pdf-"));
  const file = path.join(folder, "file.pdf");
  await writeFile(file, pdf);
  const { output } = await ran("pdftotext", [file, "-"]);
  await rm(folder, { recursive: true });
  return output.replaceAll(/\s+/g, " ");
}
