import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { configuredStore } from "@/lib/storage/configured-store";
import type { PackageContent } from "@/lib/subject-requests/package/package-content";
import { planPackage } from "@/lib/subject-requests/package/package-plan";
import { packageStream } from "@/lib/subject-requests/package/package-stream";
import { startCommand } from "../start-command";
import { MEBIBYTE } from "./bench-row";

startCommand();

/**
 * One package in its own process, so that nothing else of the bench counts as its memory. Arguments: a JSON list of
 * objects of the store, and the ZIP to write. Prints the milliseconds and the MiB that it added, at most.
 */
type Listed = { key: string; sizeBytes: number; sha256: string };

const files = JSON.parse(process.argv[2]!) as Listed[];
const store = configuredStore();

const contentOf = (listed: readonly Listed[]): PackageContent => ({
  ...{ protocol: "202611290000018", locale: "pt-BR", createdAt: new Date(), controller: "Empresa", letter: null },
  hasVcons: false,
  async *calls() {
    for (const [index, file] of listed.entries()) yield { id: file.key, recordings: [recordingOf(file, index)] };
  },
});

const recordingOf = ({ key, sizeBytes, sha256 }: Listed, index: number) => ({
  ...{ id: key, startedAt: new Date(1_760_000_000_000 + index * 60_000), timeZone: "America/Sao_Paulo" },
  ...{ durationMs: 300_000, direction: "inbound" as const, unit: "Suporte", queue: null, number: null },
  ...{ protocol: null, keptUntil: null },
  audio: {
    ...{ form: "whole" as const, subjectChannel: null, channels: 1, contentType: "audio/wav", sizeBytes, sha256 },
    open: async () => (await store.readRange(key, { start: 0, endInclusive: sizeBytes - 1 })).stream,
  },
});

async function write(listed: readonly Listed[], file: string): Promise<void> {
  const content = contentOf(listed);
  const stream = packageStream(content, { plan: await planPackage(content), part: 1, key: currentSigningKey() });
  await pipeline(Readable.fromWeb(stream as unknown as WebStream<Uint8Array>), createWriteStream(file));
}

// Warm-up: everything is loaded and compiled.
await write(files.slice(0, 4), process.argv[3]!);
const before = process.memoryUsage().rss;
let most = before;
const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
const start = performance.now();
await write(files, process.argv[3]!);
const tookMs = performance.now() - start;
clearInterval(sampling);
console.log(JSON.stringify({ tookMs, addedMebibytes: (most - before) / MEBIBYTE }));
