import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { renderLetter } from "@/lib/subject-requests/letter/render-letter";
import type { LetterContent } from "@/lib/subject-requests/letter/letter-content";
import { decision, letter, recordingsOf } from "../../../support/letters";
import { describePdfPrograms, ran } from "../../../support/pdf-programs";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-letter-"));
});

async function written(name: string, content: LetterContent): Promise<string> {
  const file = path.join(folder, `${name}.pdf`);
  await writeFile(file, await renderLetter(content));
  return file;
}

const output = async (program: string, ...args: string[]) => (await ran(program, args)).output;

describePdfPrograms("the PDF of a letter, read by Debian's programs", () => {
  it("is tagged, with headings, lists and tables whose heads have a scope, and embeds its fonts", async () => {
    const file = await written("whole", letter);
    const info = await output("pdfinfo", file);
    expect(info).toMatch(/Tagged: +yes/);
    expect(info).toMatch(/Title: +Resposta à sua requisição/);
    expect((await ran("qpdf", ["--check", file])).code).toBe(0);
    const structure = await output("pdfinfo", "-struct-text", file);
    expect(structure.startsWith("Document\n")).toBe(true);
    expect(structure).toMatch(/H1 \(block\)\n {4}"Resposta à sua requisição"/);
    expect(structure.match(/ H2 \(block\)/g)!.length).toBeGreaterThan(8);
    expect(structure).toMatch(/THead\n {6}TR\n {8}TH:\n {11}\/Scope \/Column\n {10}"Gravação"/);
    expect(structure).toMatch(/TBody\n {6}TR\n {8}TH:\n {11}\/Scope \/Row\n {10}"Gravação 1"/);
    expect(structure).toMatch(/L \(block\)\n {4}LI \(block\)\n {6}Lbl \(block\)\n {8}"•"\n {6}LBody/);
    expect(structure).toContain("apaguem o que não for mais preciso. Obrigada!");
    // Page numbers are no part of what is heard.
    expect(structure).not.toContain("Página 1");
    const fonts = (await output("pdffonts", file)).trimEnd().split("\n").slice(2);
    expect(fonts.length).toBeGreaterThan(1);
    for (const font of fonts) expect(font).toMatch(/ yes yes yes +\d+ +0$/);
  });

  it("composes accents, and prints letters that the font lacks by another font or by their code", async () => {
    const decomposed = "Ação é de João Güímarães".normalize("NFD");
    const file = await written("accents", {
      ...letter,
      requester: { capacity: "data_subject", name: null, subjectName: "Zoë Nguyễn Őrsi 王小明" },
      request: { ...letter.request, words: `${decomposed} № ✓ \u{1F64F}\u200d\u202e fim` },
    });
    const text = (await output("pdftotext", "-raw", file, "-")).replaceAll(/\s+/g, " ");
    expect(text).toContain("Ação é de João Güímarães № ✓ \u{1F64F} fim");
    // Readers copy and hear the letters themselves; the page shows their codes.
    expect(text).toContain("Zoë Nguyễn Őrsi");
    expect(text).toContain("王小明");
    expect(text).toContain("pelo seu código Unicode");
    expect(await output("pdftotext", "-raw", await written("plain", letter), "-")).not.toContain("código Unicode");
  });

  it("lists a thousand recordings, with the head of the table on each page, and hears it once", async () => {
    const recordings = recordingsOf(1000);
    const file = await written("thousand", {
      ...letter,
      found: { count: 1000, from: "2026-03-01", to: "2026-06-13" },
      recordings,
      rights: [
        {
          right: "deletion",
          outcome: "granted",
          decisions: recordings.map(({ number }) => decision(number, "delete", { doneAt: "2026-11-28T15:00:00Z" })),
        },
      ],
    });
    const pages = (await output("pdftotext", "-layout", file, "-")).split("\f").slice(0, -1);
    const listing = pages.filter((page) => /Gravação \d+ /.test(page));
    expect(listing.length).toBeGreaterThan(20);
    for (const page of listing) expect(page).toMatch(/Gravação +Data e hora +O que decidimos/);
    for (const [at, page] of pages.entries()) expect(page).toContain(`Página ${at + 1} de ${pages.length}`);
    const structure = await output("pdfinfo", "-struct-text", file);
    expect(structure.match(/"Gravação \d+"/g)).toHaveLength(1000);
    expect(structure.match(/"O que decidimos"/g)).toHaveLength(1);
  });

  it("says its language", async () => {
    for (const locale of ["pt-BR", "en"] as const) {
      const bytes = (await renderLetter({ ...letter, locale })).toString("latin1");
      expect(bytes).toContain(`/Lang (${locale})`);
      expect(bytes).toContain("/Marked true");
    }
  });
});
