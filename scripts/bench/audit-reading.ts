import { createHash } from "node:crypto";
import { planExport } from "@/lib/audit/export/export-plan";
import { writeExport } from "@/lib/audit/export/export-writer";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { verifyAuditLog } from "@/lib/audit/verify/verify-audit-log";
import { database, type Database } from "@/lib/db/client";
import { env } from "@/lib/core/env";
import { verifyingThreads } from "../audit/verifying-threads";
import { interleave, type BenchRow } from "./bench-row";

const mebibyte = 1024 * 1024;

/** Measures the verification of the whole log, and the memory that it adds. */
export async function benchVerify(): Promise<BenchRow[]> {
  const lines = await sampleLines();
  const memory = { peak: 0 };
  const measured = await interleave(
    3,
    () => verifiedPerSecond(memory),
    async () => hashedPerSecond(lines),
  );
  const growth = memory.peak / mebibyte;
  return [
    {
      what: "stream verify / SHA-256 loop over the same lines",
      unit: "rows/s",
      ...measured,
      better: "larger",
      must: 0.4,
      aim: 0.6,
    },
    {
      what: "memory that verification adds / 128 MiB",
      unit: "MiB",
      ours: growth,
      baseline: 128,
      ratio: growth / 128,
      better: "smaller",
      must: 1,
      aim: 0.5,
    },
  ];
}

async function verifiedPerSecond(memory: { peak: number }): Promise<number> {
  const before = process.memoryUsage().rss;
  const watch = setInterval(() => (memory.peak = Math.max(memory.peak, process.memoryUsage().rss - before)), 20);
  const report = await verifyAuditLog({
    db: database(),
    store: null,
    hmacKeys: env().AUDIT_HMAC_KEYS,
    publicKeys: configuredPublicKeys(),
    elsewhere: verifyingThreads,
  });
  clearInterval(watch);
  return (report.events * 1000) / report.durationMs;
}

async function sampleLines(): Promise<Buffer[]> {
  const plan = await planExport(database(), {});
  const pieces: Buffer[] = [];
  for await (const piece of writeExport(database(), plan)) if (pieces.push(piece) > 200) break;
  return Buffer.concat(pieces)
    .toString()
    .split("\n")
    .filter((line) => line.startsWith('{"content":'))
    .map((line) => Buffer.from(line));
}

function hashedPerSecond(lines: readonly Buffer[]): number {
  const rounds = Math.ceil(200_000 / lines.length);
  const start = performance.now();
  for (let round = 0; round < rounds; round += 1) for (const line of lines) createHash("sha256").update(line).digest();
  return (rounds * lines.length * 1000) / (performance.now() - start);
}

/** Measures the export of the whole log. */
export async function benchExport(): Promise<BenchRow> {
  const db = database();
  const plan = await planExport(db, {});
  const measured = await interleave(
    3,
    () => rowsPerSecond(writeExport(db, plan), plan.events),
    async () => rowsPerSecond(await plainCopy(db), plan.events),
  );
  return { what: "export / COPY of the same rows", unit: "rows/s", ...measured, better: "larger", must: 0.8, aim: 0.9 };
}

async function rowsPerSecond(pieces: AsyncIterable<Buffer>, rows: number): Promise<number> {
  const start = performance.now();
  for await (const piece of pieces) void piece;
  return (rows * 1000) / (performance.now() - start);
}

function plainCopy(db: Database): Promise<AsyncIterable<Buffer>> {
  return db.$client.unsafe("copy audit_events to stdout").readable() as Promise<AsyncIterable<Buffer>>;
}
