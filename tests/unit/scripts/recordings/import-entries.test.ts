import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openImportEntries, type ImportSource } from "@/scripts/recordings/import-entries";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-entries-"));
  await mkdir(path.join(folder, "later"));
  const names = ["a.wav", "a.mp3", "b.wav", "later/c.wav", "notes.txt", "report.csv", ".hidden.wav"];
  for (const name of names) await writeFile(path.join(folder, name), "x");
  const entry = { sourceCallId: "1", unit: "vendas", direction: "inbound", startedAt: "2026-03-02T14:05:31-03:00" };
  const entries = [{ file: "a.wav", ...entry }, { file: "./later/../b.wav" }, { file: "gone.wav", ...entry }];
  await writeFile(path.join(folder, "manifest.json"), JSON.stringify(entries));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(changes: Partial<ImportSource> = {}) {
  const options: ImportSource = {
    ...{ url: "http://127.0.0.1", source: "pbx", concurrency: "1", direction: "inbound", exclude: [], ...changes },
  };
  const entries = await openImportEntries(folder, options);
  const found = [];
  for await (const entry of entries.read()) {
    const file = path.relative(folder, path.resolve(folder, entry.file!));
    found.push([entry.line, file, "problem" in entry ? (entry.outcome ?? "failed") : "listed"]);
  }
  expect(await entries.check()).toBe(found.length);
  return found;
}

const byName = (rows: unknown[][]) => rows.toSorted((left, right) => (String(left[1]) < String(right[1]) ? -1 : 1));

test("a manifest names what it lists, and then the files of its folder that it does not", async () => {
  const found = await read({ report: path.join(folder, "report.csv") });
  expect(found.slice(0, 3)).toEqual([
    [1, "a.wav", "listed"],
    [2, "b.wav", "failed"],
    [3, "gone.wav", "listed"],
  ]);
  expect(found.slice(3).map(([line]) => line)).toEqual([4, 5, 6]);
  expect(byName(found.slice(3)).map(([, ...facts]) => facts)).toEqual([
    ["a.mp3", "already_stored"],
    ["later/c.wav", "not_taken"],
    ["notes.txt", "not_taken"],
  ]);
});

test("excluded files are counted as such; a manifest of another name is no file of its folder", async () => {
  const manifest = path.join(folder, "calls.jsonl");
  await writeFile(manifest, "");
  const found = await read({ manifest, exclude: ["later/**", "*.txt", "*.csv"] });
  expect(byName(found).map(([, ...facts]) => facts)).toEqual([
    ["a.mp3", "not_taken"],
    ["a.wav", "not_taken"],
    ["b.wav", "not_taken"],
    ["later/c.wav", "excluded"],
    ["notes.txt", "excluded"],
    ["report.csv", "excluded"],
  ]);
  await rm(manifest);
});
