// The audio formats of the fixtures.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { SAMPLE_RATE } from "./make-audio-fixtures.speech.mjs";

const run = (tool, args) => execFileSync(tool, args, { stdio: ["ignore", "pipe", "pipe"] });

/** The formats of calls. `encode(wav, out, channels, serial)` writes the file. */
export const FORMATS = {
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

/** Returns a WAV file of 16-bit samples, with a header of 44 bytes. */
export function wavFile(sides) {
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

/** Writes four seconds of the first call in rare formats, for tests of the decoders; they are not in the manifest. */
export function makeOtherFormats(firstCall, folder) {
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
      firstCall,
      "-ar",
      "16000",
      "-c:a",
      ...encoding,
      ...bitExact,
      join(folder, name),
    ]);
  }
}
