import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const audioFolder = path.resolve(import.meta.dirname, "../fixtures/audio");

/** A file to upload and what is said of it. */
export type Audio = { name: string; contentType: string; bytes: Buffer; sha256: string; sizeBytes: number };

const types: Record<string, string> = {
  ".wav": "audio/wav",
  ".mp3": "audio/mpeg",
  ".opus": "audio/ogg",
  ".ogg": "audio/ogg",
  ".flac": "audio/flac",
  ".m4a": "audio/mp4",
};

export const audioNames = readdirSync(audioFolder).filter((name) => path.extname(name) in types);

/** Any bytes as an upload. */
export function audioOf(name: string, bytes: Buffer, contentType = types[path.extname(name)]!): Audio {
  return {
    name,
    contentType,
    bytes,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
  };
}

/** A file of the fixtures. */
export const audio = (name: string): Audio => audioOf(name, readFileSync(path.join(audioFolder, name)));

/** The smallest one, where any real audio will do. */
export const smallAudio = (): Audio => audio("other-aac.m4a");

/** One fixture of each container, coding and number of channels: "call-03-wav-alaw-mono.wav" stands for all like it. */
export function oneOfEachKind(): string[] {
  const kinds = new Map(audioNames.map((name) => [name.replace(/^call-\d+-/, ""), name]));
  return [...kinds.values()].sort();
}
