import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bySidecar } from "@/scripts/recordings/describe-file";
import { readManifest } from "@/scripts/recordings/read-manifest";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "custodia-manifest-"))));
afterAll(() => rm(folder, { recursive: true }));

const defaults = { source: "pbx", timeZone: null };
const facts = { sourceCallId: "1", unit: "vendas", direction: "inbound", startedAt: "2026-03-02T14:05:31-03:00" };
const entry = { file: "call.wav", ...facts };

async function read(name: string, text: string) {
  await writeFile(path.join(folder, name), text);
  const entries = [];
  for await (const read of readManifest(path.join(folder, name), defaults)) entries.push(read);
  return entries;
}
const csv = (...lines: object[]) =>
  [Object.keys(lines[0]!), ...lines.map((line) => Object.values(line) as string[])]
    .map((cells) => cells.join(","))
    .join("\n");

/** One entry in each format. */
const forms: [string, (fields: object) => Promise<unknown>][] = [
  ["a column of a CSV", async (fields) => (await read("manifest.csv", csv({ ...entry, ...fields })))[0]],
  [
    "a field of JSON Lines",
    async (fields) => (await read("manifest.jsonl", JSON.stringify({ ...entry, ...fields })))[0],
  ],
  [
    "a field of a JSON array",
    async (fields) => (await read("manifest.json", JSON.stringify([{ ...entry, ...fields }])))[0],
  ],
  [
    "a field of a file beside the recording",
    async (fields) => {
      await writeFile(path.join(folder, "call.wav.json"), JSON.stringify({ ...facts, ...fields }));
      return bySidecar(defaults)(path.join(folder, "call.wav"), 1);
    },
  ],
];

test.each(forms)("%s: reads the kind of call", async (_form, write) => {
  expect(await write({ callKind: "sale" })).toMatchObject({ line: 1, metadata: { callKind: "sale" } });
  expect(await write({})).toMatchObject({ line: 1, metadata: { callKind: null } });
});

test.each(forms)("%s: reads how the call was handled, in words of people", async (_form, write) => {
  expect(
    await write({ announcementPlayed: "Sim", announcementVersion: "v3", cardDataHandling: "masked" }),
  ).toMatchObject({ metadata: { announcementPlayed: "yes", announcementVersion: "v3", cardDataHandling: "masked" } });
  expect(await write({ sensitiveContent: "" })).not.toHaveProperty("metadata.sensitiveContent", expect.any(String));
  expect(await write({ sensitiveContent: "talvez" })).toMatchObject({
    problem: "sensitiveContent: write yes, no or unknown",
  });
});

test("two channels are declared for entries and files beside a recording that state no type of their own", async () => {
  const own = { ...defaults, channels: "2" } as const;
  const manifest = path.join(folder, "channels.jsonl");
  const entries = [entry, { ...entry, contentType: "audio/wav" }, { ...entry, file: "call.mp3" }];
  await writeFile(manifest, entries.map((line) => JSON.stringify(line)).join("\n"));
  await writeFile(path.join(folder, "call.wav.json"), JSON.stringify(facts));
  const declared = [];
  for await (const read of readManifest(manifest, own)) declared.push(read);
  declared.push(await bySidecar(own)(path.join(folder, "call.wav"), 1));
  expect(declared).toMatchObject(
    ["audio/wav;channels=2", "audio/wav", "audio/mpeg", "audio/wav;channels=2"].map((contentType) => ({
      metadata: { contentType },
    })),
  );
});

test.each(forms)("%s: refuses an unknown name; accepts an empty one", async (_form, write) => {
  expect(await write({ callkind: "sale", notes: "x" })).toMatchObject({
    line: 1,
    problem: "callkind: is not a field of an entry; notes: is not a field of an entry",
  });
  expect(await write({ notes: "" })).toMatchObject({ metadata: { callKind: null } });
});

test("refuses a value behind the last column in its line only; missing values are left out", async () => {
  const header = "file,sourceCallId,unit,direction,startedAt,callKind,";
  const line = "call.wav,1,vendas,inbound,2026-03-02T14:05:31-03:00";
  expect(
    await read("manifest.csv", [header, `${line},sale,`, `${line},sale,,more`, `${line},sale,named`, line].join("\n")),
  ).toMatchObject([
    { line: 1, metadata: { callKind: "sale" } },
    { line: 2, problem: "a value without a column: is not a field of an entry" },
    { line: 3, problem: "a column without a name: is not a field of an entry" },
    { line: 4, metadata: { callKind: null } },
  ]);
});

test.each(forms)("protocol, reference and CPF as %s keep their zeros", async (_, readOne) => {
  const fields = { protocol: "000123", customerReference: "C-77", customerTaxId: "012.345.678-90" };
  expect(await readOne(fields)).toMatchObject({ metadata: fields });
});

test("a protocol that lost its digits in a spreadsheet refuses the manifest", async () => {
  const [damaged] = await read("manifest.csv", csv({ ...entry, protocol: "2.02603E+15" }));
  expect(damaged).toMatchObject({ refused: { refusal: "exponent", field: "protocol" } });
});
