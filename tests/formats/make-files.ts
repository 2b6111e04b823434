import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { formatRows, type FormatRow } from "./format-rows";
import { soundOf } from "./marked-sound";

const fixtures = path.resolve(import.meta.dirname, "../fixtures/formats");
const run = (program: string, args: string[]) =>
  void execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"], timeout: 60_000 });
const ffmpeg = (...args: string[]) => run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args]);
const tones = (row: FormatRow, rate: number) => ["-f", "lavfi", "-i", `${soundOf(row).source}:s=${rate}`];

/** Makes the file of each row in the folder. */
export function makeFiles(folder: string): void {
  const fromOthers = formatRows.filter(({ made }) => !("ffmpeg" in made || "sox" in made));
  for (const row of formatRows.filter((other) => !fromOthers.includes(other))) makeFile(row, folder);
  for (const row of fromOthers) makeFile(row, folder);
}

function makeFile(row: FormatRow, folder: string): void {
  const { made } = row;
  const file = path.join(folder, row.file);
  const other = (name: string) => path.join(folder, name);
  if ("ffmpeg" in made) ffmpeg(...tones(row, made.rate ?? 8000), ...made.ffmpeg.split(" "), file);
  else if ("sox" in made) makeWithSox(row, made, file);
  else if ("fixture" in made) copyFileSync(path.join(fixtures, made.fixture), file);
  else if ("copyOf" in made) ffmpeg("-i", other(made.copyOf), "-c", "copy", file);
  else if ("twice" in made) {
    // Streams in a chain have serial numbers of their own.
    ffmpeg("-i", other(made.twice), "-c", "copy", "-serial_offset", "1", "-f", "ogg", `${file}.second`);
    writeFileSync(file, Buffer.concat([readFileSync(other(made.twice)), readFileSync(`${file}.second`)]));
  } else writeFileSync(file, withoutSizes(readFileSync(other(made.withoutSizes))));
}

function makeWithSox(row: FormatRow, made: { sox: string; rate: number }, file: string): void {
  ffmpeg(...tones(row, made.rate), `${file}.wav`);
  run("sox", ["-V1", `${file}.wav`, "-t", made.sox, file]);
}

function withoutSizes(bytes: Buffer): Buffer {
  const data = bytes.indexOf("data");
  bytes.writeUInt32LE(0, 4);
  bytes.writeUInt32LE(0, data + 4);
  return bytes;
}
