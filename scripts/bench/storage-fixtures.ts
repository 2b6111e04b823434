import { randomBytes, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { ManifestEntry } from "@/scripts/recordings/read-manifest";

const HEADER_BYTES = 44;

/** Writes a WAV file of 16-bit noise at 8 kHz, which cannot be compressed. Returns its path. */
export function writeNoise(folder: string, name: string, sizeBytes: number): string {
  const bytes = randomBytes(sizeBytes);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(sizeBytes - 8, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8_000, 24);
  bytes.writeUInt32LE(16_000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(sizeBytes - HEADER_BYTES, 40);
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** Yields `count` new calls that began `daysAgo`, with these files in turn. Retention may delete those that are due. */
export async function* calls(files: readonly string[], count: number, daysAgo: number): AsyncGenerator<ManifestEntry> {
  const startedAt = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
  for (let line = 1; line <= count; line += 1) {
    yield {
      line,
      file: files[line % files.length]!,
      metadata: {
        source: "bench",
        sourceCallId: randomUUID(),
        unit: "suporte",
        direction: "inbound",
        startedAt,
        acceptDue: true,
        contentType: "audio/wav",
      },
    };
  }
}
