import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const audioFolder = path.resolve(import.meta.dirname, "../fixtures/audio");

/** A file to upload and its declared properties. */
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

/** Makes an upload of any bytes. */
export function audioOf(name: string, bytes: Buffer, contentType = types[path.extname(name)]!): Audio {
  return {
    name,
    contentType,
    bytes,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
  };
}

/** Reads a fixture file. */
export const audio = (name: string): Audio => audioOf(name, readFileSync(path.join(audioFolder, name)));

/** The smallest fixture, for tests that accept any real audio. */
export const smallAudio = (): Audio => audio("other-aac.m4a");

/** One fixture for each container, codec and number of channels. */
export function oneOfEachKind(): string[] {
  const kinds = new Map(audioNames.map((name) => [name.replace(/^call-\d+-/, ""), name]));
  return [...kinds.values()].sort();
}
