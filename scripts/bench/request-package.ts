import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import { promisify } from "node:util";
import { configuredStore } from "@/lib/storage/configured-store";
import { interleave, MEBIBYTE, rate, inMebibytes, type BenchRow } from "./bench-row";
import { writeNoise } from "./storage-fixtures";

const run = promisify(execFile);

/** `BENCH_PACKAGE_MIB`: a small one shows that it works. */
const packageMebibytes = Number(process.env.BENCH_PACKAGE_MIB ?? 2048);
/** A call of five minutes, as Asterisk writes it: 8 kHz, 16 bit, one channel. */
const callBytes = 300 * 16_000;
const boundMebibytes = 64;

/** A package of 2 GiB from the store, compared with `zip -0` over the same files. */
export async function benchRequestPackage(): Promise<BenchRow[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "custodia-bench-package-"));
  try {
    const count = Math.max(1, Math.round((packageMebibytes * MEBIBYTE) / callBytes));
    const files = await fillStore(folder, count);
    const totalBytes = count * callBytes;
    let added = 0;
    const ours = async () => {
      const { tookMs, addedMebibytes } = await round(files, path.join(folder, "ours.zip"));
      added = Math.max(added, addedMebibytes);
      return (totalBytes * 1000) / tookMs;
    };
    const zip = (target: string) =>
      run("sh", ["-c", `rm -f "$1" && zip -0 -q -r - plain > "$1"`, "sh", target], { cwd: folder });
    // Who zips by hand has to fetch the files first.
    const fetched = () =>
      rate(totalBytes, async () => {
        await fetchAll(files, path.join(folder, "plain"));
        await zip(path.join(folder, "theirs.zip"));
      });
    const ofStore = await interleave(3, ours, fetched);
    const ofPlain = await interleave(3, ours, () => rate(totalBytes, () => zip(path.join(folder, "theirs.zip"))));
    const title = `package of ${Math.round(totalBytes / MEBIBYTE)} MiB from the store, decrypted and hashed`;
    return [
      {
        ...{ what: `${title} / fetching the same files and zip -0`, unit: "MiB/s", ...inMebibytes(ofStore) },
        ...{ better: "larger", must: 0.7, aim: 1 },
      },
      {
        ...{ what: `${title} / zip -0 of plain files that lie there already`, unit: "MiB/s", ...inMebibytes(ofPlain) },
        ...{ better: "larger", must: null, aim: 0.7 },
      },
      {
        ...{ what: "memory that it adds, at most / its bound", unit: "MiB", ours: added, baseline: boundMebibytes },
        ...{ ratio: added / boundMebibytes, better: "smaller", must: 1, aim: 0.5 },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Listed = { key: string; sizeBytes: number; sha256: string };

/** The same noise under many keys: each object is encrypted on its own all the same. */
async function fillStore(folder: string, count: number): Promise<Listed[]> {
  const noise = readFileSync(writeNoise(folder, "noise.wav", callBytes));
  const sha256 = createHash("sha256").update(noise).digest("hex");
  const files = Array.from({ length: count }, (_, index) => ({ key: `bench/${index}`, sizeBytes: callBytes, sha256 }));
  for (const { key } of files)
    await configuredStore().put(key, noise, {
      contentType: "audio/wav",
      sizeBytes: callBytes,
      sha256,
      ifNoneMatch: null,
    });
  return files;
}

async function round(files: readonly Listed[], target: string): Promise<{ tookMs: number; addedMebibytes: number }> {
  const program = path.join(import.meta.dirname, "package-round.ts");
  const loader = path.join(import.meta.dirname, "../launch/load-typescript.mjs");
  const args = ["--max-semi-space-size=64", "--import", loader, program, JSON.stringify(files), target];
  const { stdout } = await run(process.execPath, args, { maxBuffer: MEBIBYTE });
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as { tookMs: number; addedMebibytes: number };
}

async function fetchAll(files: readonly Listed[], folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await run("mkdir", ["-p", folder]);
  for (const [index, { key, sizeBytes }] of files.entries()) {
    const { stream } = await configuredStore().readRange(key, { start: 0, endInclusive: sizeBytes - 1 });
    const target = createWriteStream(path.join(folder, `${index}.wav`));
    await pipeline(Readable.fromWeb(stream as unknown as WebStream<Uint8Array>), target);
  }
}
