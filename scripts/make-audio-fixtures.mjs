/**
 * Makes tests/fixtures/audio: synthesised telephone calls in Brazilian Portuguese, without data of real people.
 * Run by hand: `node scripts/make-audio-fixtures.mjs`. The result is committed; only this script needs these tools.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FORMATS, makeOtherFormats, wavFile } from "./make-audio-fixtures.formats.mjs";
import { playedMilliseconds, requireSpeech } from "./make-audio-fixtures.measures.mjs";
import { castOf, performCall, seededRandom } from "./make-audio-fixtures.speech.mjs";

const OUTPUT = join(import.meta.dirname, "..", "tests", "fixtures", "audio");
const MAXIMUM_TOTAL_BYTES = 8_000_000;
const TOOLS = { "espeak-ng": "espeak-ng", sox: "sox", lame: "lame", opusenc: "opus-tools", ffmpeg: "ffmpeg" };

const readJson = (name) => JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));

function requireTools() {
  const missing = Object.entries(TOOLS).filter(([tool]) => spawnSync("which", [tool]).status !== 0);
  if (missing.length === 0) return;
  const [tools, packages] = [0, 1].map((column) => missing.map((row) => row[column]));
  console.error(`Missing: ${tools.join(", ")}. On Debian: apt-get install ${packages.join(" ")}`);
  process.exit(1);
}

/** Returns the lines of a dialogue: all for "ouvidoria", the first four for "ouvidoria:4". */
function linesOf(reference, dialogues) {
  const [name, count] = reference.split(":");
  return dialogues[name].slice(0, count ? Number(count) : undefined);
}

const mixDown = ([left, right]) => [
  Int16Array.from(left, (sample, i) => Math.max(-32768, Math.min(32767, Math.round((sample + right[i]) * 0.7)))),
];

function makeCall(call, callNumber, dialogues, workFolder) {
  const format = FORMATS[call.format];
  const lines = call.dialogues.flatMap((reference) => linesOf(reference, dialogues));
  const sides = performCall(lines, castOf(call, callNumber), seededRandom(callNumber));
  const channels = call.layout === "stereo" ? 2 : 1;
  const file = `call-${String(callNumber).padStart(2, "0")}-${call.format}-${call.layout}.${format.extension}`;
  const wav = join(workFolder, "call.wav");
  writeFileSync(wav, wavFile(channels === 2 ? sides : mixDown(sides)));
  format.encode(wav, join(OUTPUT, file), channels, callNumber);
  requireSpeech(join(OUTPUT, file), channels);
  const bytes = readFileSync(join(OUTPUT, file));
  return {
    file,
    contentType: format.contentType,
    channels,
    durationMs: playedMilliseconds(join(OUTPUT, file)),
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
    unit: call.unit,
    queue: call.queue,
    agent: `agente-${call.agent}`,
    direction: call.direction,
    customerNumber: call.customerNumber,
    daysAgo: call.daysAgo,
    time: call.time,
    sourceCallId: `pbx-${String(70000 + callNumber * 131)}`,
  };
}

function main() {
  requireTools();
  const dialogues = readJson("make-audio-fixtures.dialogues.json");
  const { columns, calls } = readJson("make-audio-fixtures.calls.json");
  mkdirSync(OUTPUT, { recursive: true });
  for (const name of readdirSync(OUTPUT)) if (/^call-.*\.(wav|mp3|opus)$/.test(name)) rmSync(join(OUTPUT, name));
  const workFolder = mkdtempSync(join(tmpdir(), "audio-fixtures-"));
  try {
    const manifest = calls.map((row, index) => {
      const entry = makeCall(
        Object.fromEntries(columns.map((name, i) => [name, row[i]])),
        index + 1,
        dialogues,
        workFolder,
      );
      console.log(`${entry.file}  ${(entry.durationMs / 1000).toFixed(1)} s  ${Math.round(entry.sizeBytes / 1024)} KB`);
      return entry;
    });
    makeOtherFormats(join(OUTPUT, manifest[0].file), OUTPUT);
    const total = manifest.reduce((sum, entry) => sum + entry.sizeBytes, 0);
    console.log(`${manifest.length} calls, ${(total / 1e6).toFixed(2)} MB`);
    if (total > MAXIMUM_TOTAL_BYTES) throw new Error("More than 8 MB: shorten or compress some calls.");
    writeFileSync(join(OUTPUT, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

main();
