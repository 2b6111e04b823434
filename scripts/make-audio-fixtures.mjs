/**
 * Makes tests/fixtures/audio: synthesised telephone calls in Brazilian Portuguese, without data of real people.
 * Run by hand: `node scripts/make-audio-fixtures.mjs`. The result is committed; only this script needs these tools.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SAMPLE_RATE, castOf, performCall, seededRandom } from "./make-audio-fixtures.speech.mjs";

const OUTPUT = join(import.meta.dirname, "..", "tests", "fixtures", "audio");
const MAXIMUM_TOTAL_BYTES = 8_000_000;
const TOOLS = { "espeak-ng": "espeak-ng", sox: "sox", lame: "lame", opusenc: "opus-tools", ffmpeg: "ffmpeg" };

const readJson = (name) => JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));
const run = (tool, args) => execFileSync(tool, args, { stdio: ["ignore", "pipe", "pipe"] });

const FORMATS = {
  "wav-pcm": { extension: "wav", contentType: "audio/wav", encode: (wav, out) => run("sox", ["-V1", "-D", wav, out]) },
  "wav-alaw": {
    extension: "wav",
    contentType: "audio/wav",
    encode: (wav, out) => run("sox", ["-V1", "-D", wav, "-e", "a-law", out]),
  },
  "wav-mulaw": {
    extension: "wav",
    contentType: "audio/wav",
    encode: (wav, out) => run("sox", ["-V1", "-D", wav, "-e", "mu-law", out]),
  },
  mp3: {
    extension: "mp3",
    contentType: "audio/mpeg",
    // Not joint stereo: at these bit rates one channel leaks into the other.
    encode: (wav, out, channels) =>
      run("lame", ["--quiet", ...(channels === 2 ? ["-m", "s", "-b", "24"] : ["-m", "m", "-b", "16"]), wav, out]),
  },
  "ogg-opus": {
    extension: "opus",
    contentType: "audio/ogg",
    // Below 24 kbit/s opusenc mixes stereo down without a warning.
    encode: (wav, out, channels, serial) =>
      run("opusenc", [
        "--quiet",
        "--speech",
        "--framesize",
        "60",
        "--bitrate",
        channels === 2 ? "24" : "12",
        "--serial",
        String(serial),
        "--discard-comments",
        wav,
        out,
      ]),
  },
};

function requireTools() {
  const missing = Object.entries(TOOLS).filter(([tool]) => spawnSync("which", [tool]).status !== 0);
  if (missing.length === 0) return;
  const [tools, packages] = [0, 1].map((column) => missing.map((row) => row[column]));
  console.error(`Missing: ${tools.join(", ")}. On Debian: apt-get install ${packages.join(" ")}`);
  process.exit(1);
}

/** Returns a WAV file of 16-bit samples, with a header of 44 bytes. */
function wavFile(sides) {
  const channels = sides.length;
  const frames = sides[0].length;
  const file = Buffer.alloc(44 + frames * channels * 2);
  file.write("RIFF", 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(SAMPLE_RATE, 24);
  file.writeUInt32LE(SAMPLE_RATE * channels * 2, 28);
  file.writeUInt16LE(channels * 2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(frames * channels * 2, 40);
  for (let i = 0; i < frames; i++)
    for (let c = 0; c < channels; c++) file.writeInt16LE(sides[c][i], 44 + (i * channels + c) * 2);
  return file;
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

/** Returns the decoded duration in milliseconds. MP3 pads to whole frames, so its header is not exact. */
function playedMilliseconds(path) {
  const pcm = execFileSync(
    "ffmpeg",
    ["-v", "error", "-i", path, "-f", "s16le", "-ar", String(SAMPLE_RATE), "-ac", "1", "-"],
    { maxBuffer: 64 << 20 },
  );
  return Math.round((pcm.length / 2 / SAMPLE_RATE) * 1000);
}

/** Returns the mean volume after the filter, in dB relative to full scale. */
function meanVolume(path, filter) {
  const log = spawnSync("ffmpeg", ["-nostats", "-i", path, "-af", `${filter},volumedetect`, "-f", "null", "-"], {
    encoding: "utf8",
  }).stderr;
  return Number(/mean_volume: (-?[\d.]+) dB/.exec(log)?.[1] ?? -Infinity);
}

/** Throws unless every channel has speech and two channels differ. */
function requireSpeech(path, channels) {
  if (channels === 2 && meanVolume(path, "pan=mono|c0=c0-c1") < -40)
    throw new Error(`${path}: both channels are the same`);
  for (let channel = 0; channel < channels; channel++) {
    if (meanVolume(path, `pan=mono|c0=c${channel}`) < -45)
      throw new Error(`${path}: channel ${channel} is almost silent`);
  }
}

/** Writes four seconds of the first call in rare formats, for tests of the decoders; they are not in the manifest. */
function makeOtherFormats(firstCall) {
  const encodings = {
    "other-flac.flac": ["flac"],
    "other-flac.ogg": ["flac"],
    "other-vorbis.ogg": ["libvorbis"],
    "other-aac.m4a": ["aac", "-b:a", "24k"],
  };
  for (const [name, encoding] of Object.entries(encodings)) {
    const bitExact = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"];
    run("ffmpeg", [
      "-v",
      "error",
      "-y",
      "-t",
      "4",
      "-i",
      join(OUTPUT, firstCall),
      "-ar",
      "16000",
      "-c:a",
      ...encoding,
      ...bitExact,
      join(OUTPUT, name),
    ]);
  }
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
    makeOtherFormats(manifest[0].file);
    const total = manifest.reduce((sum, entry) => sum + entry.sizeBytes, 0);
    console.log(`${manifest.length} calls, ${(total / 1e6).toFixed(2)} MB`);
    if (total > MAXIMUM_TOTAL_BYTES) throw new Error("More than 8 MB: shorten or compress some calls.");
    writeFileSync(join(OUTPUT, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

main();
