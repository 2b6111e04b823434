import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { receiptPdf } from "@/lib/receipts/pdf/receipt-pdf";
import { renderLetter } from "@/lib/subject-requests/letter/render-letter";
import { letter } from "../../support/letters";
import { describePdfPrograms, ran } from "../../support/pdf-programs";
import { orderReceipt, signedAs } from "../../unit/receipts/receipts";

/** Syntax of PDF, controls, directions, and a word of several pages. */
const syntax = "&<x> ) Tj ET endstream endobj 9 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> ((\\";
const hidden = "An\u0000a\u0007\u001b[31m \u202Efdp.exe\u202C\u2066\u200b fim";
const endless = "Wolfeschlegelstein".repeat(300);
const name = `${syntax} ${hidden}`;

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "custodia-hostile-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function readBack(pdf: Uint8Array) {
  const file = path.join(folder, "file.pdf");
  await writeFile(file, pdf);
  const output = async (program: string, ...args: string[]) => (await ran(program, args)).output;
  return {
    check: await ran("qpdf", ["--check", file]),
    text: (await output("pdftotext", "-raw", file, "-")).replaceAll(/\s+/g, " "),
    info: await output("pdfinfo", file),
    scripts: await output("pdfinfo", "-js", file),
    metadata: await output("pdfinfo", "-meta", file),
    objects: await output("qpdf", "--json", file),
  };
}

/** The program found nothing wrong, nothing runs, and nobody sees more or less than the letters. */
function expectHarmless({ check, text, info, scripts, metadata, objects }: Awaited<ReturnType<typeof readBack>>): void {
  expect([check.code, check.output]).toEqual([0, expect.stringContaining("No syntax or stream encoding errors")]);
  expect(scripts.trim()).toBe("");
  expect(metadata).toContain("<rdf:li>&amp;&lt;x&gt; ) Tj");
  expect(metadata).not.toMatch(/&(?!amp;|lt;|gt;)/);
  expect(objects).not.toMatch(/"\/(OpenAction|JavaScript|JS|Launch|AA)"/);
  expect(info).toMatch(/JavaScript: +no/);
  for (const shown of [text, info]) expect(shown).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufffd]/u);
  expect(text).toContain("Ana[31m fdp.exe fim");
  expect(text.replaceAll(" ", "")).toContain(syntax.replaceAll(" ", ""));
}

describePdfPrograms("a PDF with names that were written to break it", () => {
  test("of a letter is valid and shows them as letters", async () => {
    const pdf = await renderLetter({
      ...letter,
      controller: { ...letter.controller, name, address: name },
      officer: { ...letter.officer, name },
      requester: { capacity: "data_subject", name: null, subjectName: name },
      request: { ...letter.request, words: `${name} ${endless}` },
    });
    const read = await readBack(pdf);
    expectHarmless(read);
    const footers = /Carta[^a-z]+-R1·protocolo[\d.-]+Página\dde\d/g;
    expect(read.text.replaceAll(" ", "").replaceAll(footers, "")).toContain(endless);
  });

  test("of a certificate of deletion, with its receipt in it", async () => {
    const pdf = await receiptPdf(signedAs({ ...orderReceipt, controller: name }));
    expectHarmless(await readBack(pdf));
  });
});
