import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fromDisk, onDisk } from "@/scripts/recordings/file-paths";
import { openImportEntries } from "@/scripts/recordings/import-entries";
import { ListedFiles } from "@/scripts/recordings/manifest/listed-files";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-listed-"));
});

afterEach(() => rm(folder, { recursive: true }));

/** "ligação.wav" with these two bytes in the place of ç and ã. */
const latin = (...bytes: [number, number]) =>
  path.join(folder, fromDisk(Buffer.concat([Buffer.from("liga"), Buffer.from(bytes), Buffer.from("o.wav")])));

test("names that are not UTF-8 are listed by their bytes", () => {
  const listed = new ListedFiles();
  listed.add(latin(0xe7, 0xe3));
  expect(
    [latin(0xe7, 0xe3), latin(0xe7, 0xe4), path.join(folder, "ligação.wav")].map((file) => listed.has(file)),
  ).toEqual([true, false, false]);
  listed.close();
});

test("two files whose names read the same are told apart in the list of what a manifest leaves out", async () => {
  const files = [latin(0xe7, 0xe3), path.join(folder, "ligação.wav"), path.join(folder, "other.wav")];
  for (const file of files) await writeFile(onDisk(file), "x");
  const entry = {
    file: "other.wav",
    sourceCallId: "1",
    unit: "u",
    direction: "inbound",
    startedAt: "2026-11-20T14:03:22Z",
  };
  await writeFile(path.join(folder, "manifest.jsonl"), JSON.stringify(entry));
  const entries = await openImportEntries(folder, { exclude: [], source: "pbx" } as never);
  const problems = new Map<string, string>();
  for await (const found of entries.read())
    if ("problem" in found) problems.set(found.file!, `${found.outcome}: ${found.problem}`);
  expect(Object.fromEntries(problems)).toEqual({
    [files[0]!]: "not_taken: manifest: does not list this file, whose name is not UTF-8 (E7 E3)",
    [files[1]!]: "not_taken: manifest: does not list this file",
  });
});
