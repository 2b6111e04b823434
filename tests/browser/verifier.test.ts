import { generateKeyPairSync, hash, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { verifyExport } from "@/lib/audit/export/verify-export";
import { readPublicKeys } from "@/lib/audit/signing-keys";
import { signReport } from "@/lib/compliance/reports/report-statement";
import { verifyReceipt } from "@/lib/receipts/verify/receipt-verification";
import { signLetter } from "@/lib/subject-requests/letter/letter-statement";
import { madeExport } from "../support/made-exports";
import {
  endSigned,
  tamperedBatches,
  tamperedSelection,
  tamperedStarts,
  type Tampering,
} from "../support/tampered-exports";
import { expectNoViolations } from "./setup/axe";
import { expect, test, type Page } from "./setup/test";

const root = fileURLToPath(new URL("../../", import.meta.url));
const onDisk = pathToFileURL(`${root}public/verify.html`).href;
const pair = generateKeyPairSync("ed25519");
const signer = { id: "k1", ...pair };
const pemOf = (publicKey: KeyObject) => `Key-Id: k1\n${publicKey.export({ type: "spki", format: "pem" }).toString()}`;
const pem = pemOf(pair.publicKey);

type Dropped = { name: string; text: string | Buffer };
const keysFile: Dropped = { name: "keys.pem", text: pem };

const inputs = { keys: /Escolha ou solte aqui as chaves/, files: /Escolha ou solte aqui, juntos/ };

const choose = (page: Page, into: keyof typeof inputs, files: Dropped[]) =>
  page
    .getByLabel(inputs[into])
    .setInputFiles(files.map(({ name, text }) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) })));

/** Drops files where a person would drop them. */
async function drop(page: Page, onto: "#keysDrop" | "#filesDrop" | "h1", files: Dropped[]) {
  const made = await page.evaluateHandle(
    (given) => {
      const transfer = new DataTransfer();
      for (const { name, text } of given) transfer.items.add(new File([text], name));
      return transfer;
    },
    files as { name: string; text: string }[],
  );
  await page.dispatchEvent(onto, "drop", { dataTransfer: made });
}

/** What the page says of one file. */
async function said(page: Page, about: string) {
  const result = page
    .locator("section.result")
    .filter({ has: page.getByRole("heading", { name: about, exact: true }) });
  await expect(result).toHaveAttribute("data-verdict", /./);
  await expect(page.locator("#results")).toHaveAttribute("aria-busy", "false");
  return {
    verdict: await result.getAttribute("data-verdict"),
    english: await result.locator("li [lang=en]").allInnerTexts(),
    text: await result.innerText(),
  };
}

/** Gives the keys, if `keys.pem` is among the files, and the files to the page, and reads what it says of one file. */
async function given(page: Page, files: Dropped[], about = files.at(-1)!.name) {
  const keys = files.filter(({ name }) => name === keysFile.name);
  if (keys.length > 0) await choose(page, "keys", keys);
  if (keys.length < files.length)
    await choose(
      page,
      "files",
      files.filter((file) => !keys.includes(file)),
    );
  return said(page, about);
}

const verdicts = (page: Page) =>
  page
    .locator("section.result")
    .evaluateAll((boxes) =>
      boxes.map((box) => [box.querySelector("h2")!.textContent, (box as HTMLElement).dataset.verdict]),
    );

const printOf = (publicKey: KeyObject) =>
  `SHA-256 ${hash("sha256", publicKey.export({ type: "spki", format: "der" }), "hex")}`;

/** Signs with the same key id as the installation. */
const forger = { id: "k1", ...generateKeyPairSync("ed25519") };
const forgersKeys: Dropped = { name: "forged.pem", text: pemOf(forger.publicKey) };

/** What the command says of the same file. */
async function command(text: string | Buffer, keys = pem) {
  const report = await verifyExport(Readable.from([Buffer.from(text)]), readPublicKeys(keys));
  return { verdict: report.verdict, english: report.problems.map(({ line, detail }) => `line ${line}: ${detail}`) };
}

async function expectSame(page: Page, text: string | Buffer, keys = pem) {
  await page.goto(onDisk);
  const shown = await given(page, [
    { name: "keys.pem", text: keys },
    { name: "export.jsonl", text },
  ]);
  expect({ verdict: shown.verdict, english: shown.english }).toEqual(await command(text, keys));
  return shown;
}

const opened = async (page: Page) => (await page.goto(onDisk), page);

/** The page says of a receipt that it is invalid exactly if the command says so. */
async function expectReceipt(page: Page, file: Dropped, keys: Dropped) {
  const shown = await given(await opened(page), [keys, file]);
  const report = await verifyReceipt(Readable.from([Buffer.from(file.text)]), readPublicKeys(keys.text as string));
  expect(shown.verdict).toBe(report.holds ? "partly" : "invalid");
  return shown;
}

const fixture = (name: string) => readFileSync(`${root}tests/fixtures/audit/${name}`, "utf8");
const joined = (lines: string[]) => `${lines.join("\n")}\n`;
const exports = {
  middle: () => madeExport(signer, { scope: "batches", from: 2, to: 3 }),
  both: () => madeExport(signer, { scope: "batches", from: 1, to: 6 }),
  selection: () => madeExport(signer, { scope: "selection", from: 2, to: 3 }),
};

test.describe("the verifier in one file, opened from the disk", () => {
  test("says what the command says of whole exports, of old ones and of real keys", async ({ page }) => {
    for (const make of Object.values(exports)) {
      const lines = await make();
      expect((await expectSame(page, joined(lines))).verdict).toBe("whole");
    }
    for (const name of ["export-v1.jsonl", "selection-v1.jsonl"])
      expect((await expectSame(page, fixture(name), fixture("keys-v1.pem"))).verdict).toBe("whole");
    expect((await expectSame(page, fixture("export-v1.jsonl"))).verdict).not.toBe("whole");
  });

  for (const [name, make, tamperings] of [
    ["batches", exports.middle, tamperedBatches],
    ["trees", exports.both, tamperedStarts],
    ["selection", exports.selection, tamperedSelection],
  ] as [string, () => Promise<string[]>, Tampering[]][])
    test(`refuses what the command refuses, in the same words: ${name}`, async ({ page }) => {
      const lines = await make();
      for (const { what, change, problem, verdict = "broken" } of tamperings)
        await test.step(what, async () => {
          const shown = await expectSame(page, joined(endSigned(change(lines, signer), signer)));
          expect(shown.verdict).toBe(verdict);
          expect(shown.english.join("\n")).toMatch(problem);
        });
    });

  test("names what editors, transfers and attackers without the key do", async ({ page }) => {
    const lines = await exports.both();
    const text = joined(lines);
    for (const changed of [
      text.replaceAll("\n", "\r\n"),
      `\uFEFF${text}`,
      Buffer.from(`\uFEFF${text}`, "utf16le"),
      text.slice(0, -90),
      text.slice(0, text.lastIndexOf('{"end"') - 30),
      text.replace('"outcome":"success"', '"outcome":"denied"'),
      joined(lines.slice(0, -1)),
      joined([...lines, lines[3]!]),
      joined(lines.toSpliced(4, 1)),
      joined(lines.with(2, "5")),
      joined([lines[0]!.replace("Controladora", "Outra"), ...lines.slice(1)]),
    ]) {
      expect((await expectSame(page, changed)).verdict).toBe("broken");
    }
    const empty = joined(endSigned([lines[0]!, lines.at(-1)!], signer));
    expect((await expectSame(page, empty)).verdict).toBe("nothing_to_verify");
  });

  test("proves nothing without the keys, or of another file", async ({ page }) => {
    await page.goto(onDisk);
    const text = joined(await exports.middle());
    const without = await given(page, [{ name: "export.jsonl", text }]);
    expect([without.verdict, without.text]).toEqual(["no_keys", expect.stringContaining("faltam as chaves públicas")]);
    expect((await given(page, [keysFile], "export.jsonl")).verdict).toBe("whole");
    expect((await given(page, [{ name: "other.txt", text: "olá" }])).verdict).toBe("unknown");
  });

  test("says it when the browser cannot verify Ed25519", async ({ page }) => {
    await page.addInitScript(() => {
      crypto.subtle.importKey = () => Promise.reject(new Error("not supported"));
    });
    await page.goto(onDisk);
    const text = joined(await exports.middle());
    expect((await given(page, [{ name: "export.jsonl", text }])).verdict).toBe("no_ed25519");
    await expect(page.getByRole("status")).toContainText("não confere assinaturas Ed25519");
  });

  test("verifies receipts, but for what they state, and refuses changed ones as the command does", async ({ page }) => {
    const keys = { name: "keys.pem", text: fixture("keys-receipts.pem") };
    const digit = (text: string) => text.replace(/[0-9a-f](?="[,}\]][^"]*"leaf")/, (old) => (old === "0" ? "1" : "0"));
    for (const name of ["receipt-recording.json", "receipt-run.jsonl"]) {
      const text = fixture(name);
      const lines = text.trimEnd().split("\n");
      const whole = await expectReceipt(page, { name, text }, keys);
      expect([whole.verdict, whole.text]).toEqual(["partly", expect.stringContaining("npm run receipts -- verify")]);
      for (const changed of [
        text.replace(/"controller":"[^"]+"/, '"controller":"Outra"'),
        text.replace(/"merkleRoot":"."/, '"merkleRoot":"x"').replace(/"eventCount":(\d)/, '"eventCount":9$1'),
        text.replace('"outcome":"success"', '"outcome":"denied"'),
        `${text.trimEnd()} \n`,
        text.slice(0, -300),
        `${text}${text}`,
        digit(text),
        ...(lines.length > 1
          ? [joined(lines.toSpliced(2, 1)), joined(lines.toSpliced(0, 1))]
          : [`{"event":{}}\n${text}`]),
      ].filter((other) => other !== text))
        expect((await expectReceipt(page, { name, text: changed }, keys)).verdict).toBe("invalid");
    }
    const { verdict } = await given(await opened(page), [
      keysFile,
      { name: "r.json", text: fixture("receipt-recording.json") },
    ]);
    expect(verdict).toBe("invalid");
  });

  test("verifies a letter and a report with their files, and refuses changed ones", async ({ page }) => {
    const pdf = Buffer.from("%PDF-1.7 carta");
    const facts = { number: "202611290000014-R1", protocol: "202611290000014", controller: "Controladora" };
    const letter = signLetter(pdf, { ...facts, issuedAt: "2026-11-30T12:00:00.000Z" }, signer);
    const csv = { name: "custodia-R-1-figures.csv", text: "a;b\r\n1;2\r\n" };
    const files = [{ name: csv.name, sha256: hash("sha256", csv.text, "hex"), sizeBytes: csv.text.length }];
    const period = { number: "R-1", controller: "Controladora", from: "2026-11-01", to: "2026-11-30" };
    const statement = { ...period, issuedAt: "2026-12-01T12:00:00.000Z", verdict: "whole" as const, files };
    const report = signReport(statement, signer);
    const says = async (...others: Dropped[]) => (await given(await opened(page), [keysFile, ...others])).verdict;
    const [letterPdf, letterJson] = [
      { name: "carta.pdf", text: pdf },
      { name: "carta.json", text: letter },
    ];
    expect(await says(letterPdf, letterJson)).toBe("valid");
    expect(await says(letterJson)).toBe("letter_missing");
    expect(await says({ ...letterPdf, text: "%PDF-1.7 outra" }, letterJson)).toBe("invalid");
    expect(await says(letterPdf, { ...letterJson, text: letter.replace("R1", "R2") })).toBe("invalid");
    expect(await says(letterPdf, { ...letterJson, text: `${letter} ` })).toBe("invalid");
    const reportJson = { name: "custodia-R-1.json", text: report };
    expect(await says(csv, reportJson)).toBe("valid");
    expect(await says(reportJson)).toBe("invalid");
    expect(await says({ ...csv, text: "a;b\n1;2\n" }, reportJson)).toBe("invalid");
    expect(await says(csv, { ...reportJson, text: report.replace("2026-11-01", "2026-10-01") })).toBe("invalid");
  });

  test("takes keys only where keys are chosen, and no file among the others as keys", async ({ page }) => {
    await page.goto(onDisk);
    const lines = await madeExport(forger, { scope: "batches", from: 2, to: 3 });
    const forged = { name: "export.jsonl", text: joined(lines) };
    const readme = { name: "LEIA-ME.txt", text: `Chaves desta exportação:\n\n${forgersKeys.text}` };
    await choose(page, "keys", [keysFile]);
    for (const files of [
      [forged, readme, forgersKeys],
      [forgersKeys, readme, forged],
    ]) {
      expect((await given(page, files, forged.name)).verdict).toBe("foreign_key");
      expect((await said(page, readme.name)).verdict).toBe("unknown");
      const keys = await said(page, forgersKeys.name);
      expect([keys.verdict, keys.text]).toEqual(["keys", expect.stringContaining("chaves são escolhidas acima")]);
    }
    await drop(page, "#filesDrop", [forgersKeys, forged]);
    expect((await said(page, forged.name)).verdict).toBe("foreign_key");
    await drop(page, "h1", [forgersKeys]);
    expect((await said(page, forged.name)).verdict).toBe("foreign_key");
    await expect(page.getByRole("status")).not.toContainText(printOf(forger.publicKey));
    await choose(page, "keys", [readme]);
    await expect(page.getByRole("status")).toContainText("Nenhuma chave está em uso");
    expect((await said(page, forged.name)).verdict).toBe("no_keys");
  });

  test("says that keys are replaced, names both and the one that signed, and verifies anew", async ({ page }) => {
    await page.goto(onDisk);
    const status = page.getByRole("status");
    const file = { name: "export.jsonl", text: joined(await exports.middle()) };
    const whole = await given(page, [keysFile, file]);
    const [own, other] = [printOf(pair.publicKey), printOf(forger.publicKey)];
    expect([whole.verdict, whole.text]).toEqual([
      "whole",
      expect.stringContaining(`Assinado com a chave "k1", ${own}`),
    ]);
    await drop(page, "#keysDrop", [keysFile]);
    await expect(status).not.toContainText("TROCADAS");
    await drop(page, "#keysDrop", [forgersKeys]);
    await expect(status).toContainText("AS CHAVES FORAM TROCADAS: forged.pem substituiu keys.pem");
    for (const print of [own, other]) await expect(status).toContainText(print);
    const anew = await said(page, file.name);
    expect([anew.verdict, anew.text]).toEqual(["foreign_key", expect.not.stringContaining("Assinado com")]);
    await drop(page, "#keysDrop", [keysFile, forgersKeys]);
    await expect(status).toContainText("Nenhuma chave está em uso");
    expect((await said(page, file.name)).verdict).toBe("no_keys");
    await drop(page, "#keysDrop", [keysFile]);
    await expect(status).toContainText("keys.pem substituiu forged.pem");
    expect((await said(page, file.name)).verdict).toBe("whole");
  });

  test("names the letter that was signed, and shows every other file as not signed", async ({ page }) => {
    await page.goto(onDisk);
    const pdf = { name: "carta.pdf", text: "%PDF-1.7 carta" };
    const forged = { name: "forjada.pdf", text: "%PDF-1.7 forja" };
    const facts = { number: "202611290000014-R1", protocol: "202611290000014", controller: "Controladora" };
    const issued = { ...facts, issuedAt: "2026-11-30T12:00:00.000Z" };
    const json = { name: "carta.json", text: signLetter(Buffer.from(pdf.text), issued, signer) };
    const letter = await given(page, [keysFile, forged, pdf, json]);
    expect([letter.verdict, letter.text]).toEqual([
      "valid",
      expect.stringContaining("carta.pdf é a carta que foi assinada"),
    ]);
    expect(letter.text).toContain(printOf(pair.publicKey));
    const other = await said(page, forged.name);
    expect(other.text).toContain("NÃO É O QUE FOI ASSINADO");
    expect(await verdicts(page)).toEqual([
      [json.name, "valid"],
      [forged.name, "not_signed"],
    ]);
    // A letter of an earlier choice proves nothing of a later one.
    expect((await given(page, [forged, json])).verdict).toBe("invalid");
    expect((await said(page, forged.name)).verdict).toBe("not_signed");
    expect((await given(page, [json])).verdict).toBe("letter_missing");
    expect((await given(page, [pdf])).verdict).toBe("unknown");
    // What a statement names proves nothing if the statement itself is not valid.
    await given(page, [{ ...json, text: signLetter(Buffer.from(pdf.text), issued, forger) }, pdf]);
    expect(await verdicts(page)).toEqual([
      [json.name, "invalid"],
      [pdf.name, "not_signed"],
    ]);
  });

  test("names the files of a report, and shows those that it does not name", async ({ page }) => {
    await page.goto(onDisk);
    const [csv, extra] = [
      { name: "figures.csv", text: "a;b\r\n1;2\r\n" },
      { name: "figures (1).csv", text: "a;b\r\n9;9\r\n" },
    ];
    const files = [{ name: csv.name, sha256: hash("sha256", csv.text, "hex"), sizeBytes: csv.text.length }];
    const period = { number: "R-1", controller: "Controladora", from: "2026-11-01", to: "2026-11-30" };
    const statement = { ...period, issuedAt: "2026-12-01T12:00:00.000Z", verdict: "whole" as const, files };
    const json = { name: "report.json", text: signReport(statement, signer) };
    const report = await given(page, [keysFile, extra, csv, json]);
    expect(report.text).toContain("figures.csv é o que foi assinado");
    expect(report.text).toContain(printOf(pair.publicKey));
    expect(await verdicts(page)).toEqual([
      [json.name, "valid"],
      [extra.name, "not_signed"],
    ]);
    await given(page, [{ ...csv, text: extra.text }, json]);
    expect(await verdicts(page)).toEqual([
      [json.name, "invalid"],
      [csv.name, "not_signed"],
    ]);
  });

  test("shows that nothing is sent, works by keyboard and has no violations @phone", async ({ page }) => {
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(onDisk);
    await page.keyboard.press("Tab");
    await expect(page.getByLabel(inputs.keys)).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(page.getByLabel(inputs.files)).toBeFocused();
    await given(page, [keysFile, { name: "export.jsonl", text: joined(await exports.middle()) }]);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await expectNoViolations(page, `verify.html, ${colorScheme}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect([wide, requests]).toEqual([false, [onDisk]]);
  });
});

/** As a page of the portal asks. */
const own = { headers: { "sec-fetch-site": "same-origin" } };

test.describe("the verifier in one file, from the portal", () => {
  test("is open to anybody, under a policy without network, and nothing else became so", async ({ anotherBrowser }) => {
    const page = await anotherBrowser();
    const answer = await page.goto("/verify.html");
    expect(answer!.status()).toBe(200);
    expect(answer!.headers()["content-security-policy"]).toMatch(/^default-src 'none'; frame-ancestors 'none';/);
    await expectNoViolations(page, "verify.html");
    expect(
      (await given(page, [keysFile, { name: "export.jsonl", text: joined(await exports.middle()) }])).verdict,
    ).toBe("whole");
    for (const path of ["/audit-log", "/verify", "/verify.html/audit-log"]) {
      await page.goto(path);
      await expect(page.getByRole("list", { name: "Trilha de auditoria" })).toHaveCount(0);
    }
    expect((await page.request.get("/api/audit-log/export", own)).status()).toBe(401);
  });

  test("verifies what an auditor exported from the portal", async ({ page, signInAs }) => {
    await signInAs("auditor");
    const text = await (await page.request.get("/api/audit-log/export", own)).text();
    const keys = await (await page.request.get("/api/audit-log/public-key", own)).text();
    const selection = await (await page.request.get("/api/audit-log/export?actorType=job", own)).text();
    await page.goto("/audit-log");
    await page.getByText("Integridade", { exact: true }).click();
    await page.getByRole("link", { name: "Conferir arquivos em uma página que funciona sem rede" }).click();
    await expect(page).toHaveURL(/\/verify\.html$/);
    const shown = await given(page, [
      { name: "keys.pem", text: keys },
      { name: "export.jsonl", text },
    ]);
    expect([shown.verdict, shown.text]).toEqual(["whole", expect.stringContaining("estão na árvore de")]);
    expect((await given(page, [{ name: "selection.jsonl", text: selection }])).verdict).toBe("whole");
  });
});
