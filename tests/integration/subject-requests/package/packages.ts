import { execFile } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { createWriteStream, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import { promisify } from "node:util";
import type { SigningKey } from "@/lib/audit/signing-keys";
import type { PackageContent, PackagedCall, PackagedRecording } from "@/lib/subject-requests/package/package-content";
import { packageStream } from "@/lib/subject-requests/package/package-stream";
import { planPackage, type PackagePlan } from "@/lib/subject-requests/package/package-plan";

export const run = promisify(execFile);

const pair = generateKeyPairSync("ed25519");
export const key: SigningKey = { id: "test-1", ...pair };
export const keys = new Map([[key.id, key.publicKey]]);

/** Audio that knows who reads it. */
export function audioOf(bytes: Buffer, contentType = "audio/wav", pieceBytes = 1000) {
  const reading = { open: 0, closed: 0 };
  async function* open() {
    reading.open += 1;
    try {
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    } finally {
      reading.closed += 1;
    }
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const facts = { contentType, sizeBytes: bytes.length, sha256, channels: 1, subjectChannel: null };
  return { reading, audio: { form: "whole" as const, ...facts, open } };
}

export const recording = (changes: Partial<PackagedRecording> = {}): PackagedRecording => ({
  id: "01a22952-d1ee-7445-895b-211be4e8c62c",
  startedAt: new Date("2026-03-01T17:05:03Z"),
  timeZone: "America/Sao_Paulo",
  durationMs: 187_000,
  direction: "inbound",
  unit: "Suporte; São Paulo",
  queue: null,
  number: "+5511987654321",
  protocol: "000123",
  keptUntil: "2027-03-01",
  audio: null,
  ...changes,
});

export const contentOf = (calls: readonly PackagedCall[], changes: Partial<PackageContent> = {}): PackageContent => ({
  protocol: "202611290000018",
  locale: "pt-BR",
  createdAt: new Date("2026-11-29T12:00:00Z"),
  controller: "Empresa de Teste S.A.",
  letter: Buffer.from("%PDF-1.7 carta"),
  hasVcons: false,
  async *calls() {
    yield* calls;
  },
  ...changes,
});

/** Writes one ZIP of a package to a new folder; returns its path. */
export async function written(content: PackageContent, part = 1, plan?: PackagePlan): Promise<string> {
  const stream = packageStream(content, { plan: plan ?? (await planPackage(content)), part, key });
  const file = path.join(mkdtempSync(path.join(tmpdir(), "custodia-test-")), `package-${part}.zip`);
  await pipeline(Readable.fromWeb(stream as unknown as WebStream<Uint8Array>), createWriteStream(file));
  return file;
}

/** Tests a ZIP with stock `unzip` and unpacks it; returns the folder. */
export async function unpacked(file: string): Promise<string> {
  await run("unzip", ["-tq", file]);
  const folder = path.join(path.dirname(file), "unpacked");
  await run("unzip", ["-q", file, "-d", folder]);
  return folder;
}
