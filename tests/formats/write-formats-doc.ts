import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { formatsDoc, type MatrixResult } from "@/tests/formats/formats-doc";
import { browsers } from "@/tests/formats/format-rows";

/**
 * Writes docs/formats.md from the last run of `npm test -- formats`, and of `npm run try-asterisk`. What was not run
 * again stays as it is in the page.
 */
const folder = path.join("test-results", "formats");
const file = path.join("docs", "formats.md");

const lines = (name: string) =>
  existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name), "utf8").trim().split("\n") : [];
const json = (name: string) => JSON.parse(lines(name).join("\n") || "{}");

const result: MatrixResult = {
  ...json("run.json"),
  stored: json("stored.json"),
  plays: Object.fromEntries(
    browsers.map((browser) => [browser, lines(`${browser}.jsonl`).map((line) => JSON.parse(line))]),
  ),
};
if (!result.ffmpeg) throw new Error("There is no result: run `npm test -- formats` first.");
const asterisk = path.join("test-results", "asterisk.txt");
const before = existsSync(file) ? readFileSync(file, "utf8") : "";
const output = existsSync(asterisk) ? readFileSync(asterisk, "utf8") : (/```text\n([^]*?)```/.exec(before)?.[1] ?? "");
writeFileSync(file, formatsDoc(result, output));
console.log(`Wrote ${file}.`);
