import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { checkManifest } from "@/scripts/recordings/manifest/check-manifest";
import { readManifest } from "@/scripts/recordings/read-manifest";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "custodia-exported-"))));
afterAll(() => rm(folder, { recursive: true }));

const columns = ["file", "sourceCallId", "unit", "direction", "startedAt", "customerNumber", "agentName"];
const values = {
  file: "call.wav",
  sourceCallId: "1795194202.42",
  unit: "vendas",
  direction: "inbound",
  startedAt: "2026-11-20T14:03:22-03:00",
  customerNumber: "+5511940001234",
  agentName: "João Conceição",
};
const csv = (separator: string, ...changes: object[]) =>
  [columns, ...changes.map((change) => columns.map((name) => ({ ...values, ...change })[name as keyof typeof values]))]
    .map((cells) => cells.join(separator))
    .join("\r\n");

async function manifest(content: string | Buffer, name = "manifest.csv"): Promise<string> {
  await writeFile(path.join(folder, name), content);
  return path.join(folder, name);
}
async function read(content: string | Buffer, { name = "manifest.csv", timeZone = null as string | null } = {}) {
  const entries = [];
  for await (const entry of readManifest(await manifest(content, name), { source: "pbx", timeZone }))
    entries.push(entry);
  return entries;
}
const utf16 = (text: string, order: "le" | "be") => {
  const bytes = Buffer.from(text, "utf16le");
  return order === "le" ? bytes : bytes.swap16();
};
const whole = { sourceCallId: values.sourceCallId, customerNumber: values.customerNumber, agentName: values.agentName };

describe("a file as it is exported", () => {
  test.each<[string, string | Buffer, string?]>([
    ["commas", csv(",", {})],
    ["semicolons", csv(";", {})],
    ["tabs", csv("\t", {}), "manifest.tsv"],
    ["a line that names the separator", `sep=;\r\n${csv(";", {})}`],
    ["a byte order mark", `\uFEFF${csv(";", {})}`],
    ["Windows-1252", Buffer.from(csv(";", {}), "latin1")],
    ["UTF-16, little endian", utf16(`\uFEFF${csv("\t", {})}`, "le"), "manifest.txt"],
    ["UTF-16, big endian", utf16(`\uFEFF${csv(";", {})}`, "be")],
    ["UTF-16 without a byte order mark", utf16(csv(";", {}), "le")],
    ["JSON Lines with a byte order mark", `\uFEFF${JSON.stringify(values)}\n`, "manifest.jsonl"],
    ["JSON in UTF-16", utf16(`\uFEFF${JSON.stringify([values])}`, "le"), "manifest.json"],
    ["JSON in Windows-1252", Buffer.from(JSON.stringify([values]), "latin1"), "manifest.json"],
  ])("%s", async (_form, content, name) => {
    expect(await read(content, { name })).toMatchObject([{ line: 1, metadata: whole }]);
  });

  test("the only letter with an accent far from the beginning", async () => {
    const lines = Array.from({ length: 2000 }, () => ({ agentName: "Ana" }));
    const entries = await read(Buffer.from(csv(";", ...lines, {}), "latin1"));
    expect(entries).toHaveLength(2001);
    expect(entries.at(-1)).toMatchObject({ metadata: whole });
  });

  test("neither UTF-8 nor Windows-1252; a broken quote: refused", async () => {
    const bytes = Buffer.from(csv(";", {}).replaceAll("ã", "\u0081"), "latin1");
    await expect(read(bytes)).rejects.toThrow(/neither UTF-8 nor Windows-1252/);
    await expect(read(csv(",", { agentName: 'x"y' }))).rejects.toThrow(CannotStart);
    await expect(read(csv(",", { agentName: 'x"y' }))).rejects.toThrow(/line 2/);
  });
});

describe("times", () => {
  const timeZone = "America/Manaus";
  test.each([
    ["2026-11-20T14:03:22-03:00", "2026-11-20T14:03:22-03:00"],
    ["2026-11-20 14:03:22-03:00", "2026-11-20T17:03:22.000Z"],
    ["20/11/2026 14:03:22 -0300", "2026-11-20T17:03:22.000Z"],
    ["2026-11-20T14:03:22,5Z", "2026-11-20T14:03:22.500Z"],
  ])("%s has its own zone", async (startedAt, instant) => {
    for (const zone of [null, timeZone])
      expect(await read(csv(";", { startedAt }), { timeZone: zone })).toMatchObject([
        { metadata: { startedAt: instant } },
      ]);
  });

  test.each([
    ["2026-11-20 14:03:22", "2026-11-20T18:03:22.000Z"],
    ["2026-11-20T14:03:22", "2026-11-20T18:03:22.000Z"],
    ["20/11/2026 14:03:22", "2026-11-20T18:03:22.000Z"],
    ["20/11/2026 14:03:22,25", "2026-11-20T18:03:22.250Z"],
    ["20/11/26 14:03", "2026-11-20T18:03:00.000Z"],
    ["5-1-2026 9:03:22", "2026-01-05T13:03:22.000Z"],
  ])("%s is local: read with --time-zone, else the whole file is refused", async (startedAt, instant) => {
    const content = csv(";", { startedAt });
    expect(await read(content, { timeZone })).toMatchObject([{ metadata: { startedAt: instant } }]);
    expect(await read(content)).toMatchObject([{ refused: { refusal: "no_zone", fileLine: 2 } }]);
  });

  test.each([
    ["20/11/2026", /such as/],
    ["yesterday", /such as/],
    ["31/02/2026 14:03:22", /does not exist/],
    ["20/11/2026 25:03:22", /does not exist/],
  ])("%s is a problem of its entry", async (startedAt, problem) => {
    const [entry] = await read(csv(";", { startedAt }), { timeZone });
    expect(entry).toMatchObject({ problem: expect.stringMatching(problem) });
    expect(entry).not.toHaveProperty("refused");
  });
});

test("what a spreadsheet adds to digits is taken away", async () => {
  const [entry] = await read(csv(";", { customerNumber: "5511940001234,00", sourceCallId: "'1795194202.42" }));
  expect(entry).toMatchObject({ metadata: { customerNumber: "5511940001234", sourceCallId: "1795194202.42" } });
});

describe("a file whose values were damaged", () => {
  const check = async (content: string, timeZone: string | null = null) =>
    checkManifest(readManifest(await manifest(content), { source: "pbx", timeZone }));

  test.each<[string, object, RegExp]>([
    ["a rounded number", { customerNumber: "5,51194E+12" }, /customerNumber on line 3: .*digits are lost.*as text/],
    ["a rounded number with a dot", { customerNumber: "5.51194e+12" }, /customerNumber on line 3: .*as text/],
    ["a rounded id", { sourceCallId: "1,7951942E+09" }, /sourceCallId on line 3: .*as text/],
    ["an id with a decimal comma", { sourceCallId: "1795194202,1" }, /sourceCallId on line 3: .*lost a zero/],
    ["a local time", { startedAt: "20/11/2026 14:03:22" }, /startedAt on line 3: .*--time-zone/],
    ["a month behind the day", { startedAt: "11/20/2026 14:03:22" }, /startedAt on line 3: .*no such month/],
    ["a number of a date", { startedAt: "46346,58567" }, /startedAt on line 3: .*date with time/],
  ])("%s: is refused with the line and what to do", async (_name, change, message) => {
    await expect(check(csv(";", {}, change, {}))).rejects.toThrow(CannotStart);
    await expect(check(csv(";", {}, change, {}))).rejects.toThrow(message);
  });

  test("one message for all, with the first lines of many", async () => {
    const wrong = Array.from({ length: 25 }, () => ({ customerNumber: "5,51194E+12" }));
    await expect(check(csv(";", ...wrong, { startedAt: "20/11/2026 14:03:22" }))).rejects.toThrow(
      /nothing was uploaded.*line 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 15 more.*startedAt on line 27/s,
    );
  });

  test("an entry that is only invalid refuses no others", async () => {
    expect(await check(csv(";", {}, { direction: "sideways" }, {}))).toBe(3);
  });
});
