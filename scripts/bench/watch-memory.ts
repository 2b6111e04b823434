import { spawn } from "node:child_process";
import { once } from "node:events";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { newId } from "@/lib/core/new-id";
import type { BenchRow } from "./bench-row";
import { writeNoise } from "./storage-fixtures";

const files = 1_000_000;
/** The others are no recordings: each is looked at, reported and remembered. */
const recordings = 10_000;
const filesPerFolder = 10_000;
/** The most memory that watching a spool of a million files may cost. */
const boundMebibytes = 150;

/** The largest memory of `recordings watch` over a million files, as a share of its bound. Linux only. */
export async function benchWatchMemory(): Promise<BenchRow[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "custodia-bench-spool-"));
  const portal = await startEdge();
  try {
    const spool = path.join(folder, "spool");
    fillSpool(spool);
    const peak = await watchOnce(spool, path.join(folder, "journal"), portal.url);
    if (portal.asked() !== recordings) throw new Error(`watch asked for ${portal.asked()} of ${recordings} recordings`);
    return [
      {
        what: `memory of watch, at most, with ${files.toLocaleString("en")} files / its bound`,
        unit: "MiB",
        ours: peak,
        baseline: boundMebibytes,
        ratio: peak / boundMebibytes,
        better: "smaller",
        must: 1,
        aim: 0.8,
      },
    ];
  } finally {
    portal.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each folder has one file under many names: a million files of their own would fill the disk. */
function fillSpool(spool: string): void {
  for (let index = 0; index < files; index += 1) {
    const folder = path.join(spool, String(Math.floor(index / filesPerFolder)));
    const sound = path.join(folder, "sound.txt");
    if (index % filesPerFolder === 0) {
      mkdirSync(folder, { recursive: true });
      writeNoise(folder, "sound.txt", 1644);
      // Long ago: none settles any more.
      utimesSync(sound, 1, 1_700_000_000);
    }
    const extension = index % (files / recordings) === 0 ? "wav" : "txt";
    linkSync(sound, path.join(folder, `out-4002-5511987654321-20260301-140531-1767000000.${index}.${extension}`));
  }
}

/** A portal at the network edge that has every recording already. */
async function startEdge(): Promise<{ url: string; asked: () => number; stop: () => void }> {
  let asked = 0;
  const server = createServer((incoming, outgoing) => {
    void json(incoming).then((body) => {
      const { recordings: items } = body as { recordings: unknown[] };
      asked += items.length;
      const results = items.map(() => ({ status: 200, body: { id: newId(), state: "stored", upload: null } }));
      outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ results }));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked: () => asked, stop: () => void server.close() };
}

/** Runs the command once over the spool. Returns the largest memory that it had, in MiB. */
async function watchOnce(spool: string, journal: string, url: string): Promise<number> {
  const options = { "--leave-files": journal, "--url": url, "--source": "bench", "--unit": "suporte" };
  const args = [...commandLine(), "watch", spool, "--once", "--names", "auto", ...Object.entries(options).flat()];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, CUSTODIA_API_KEY: "bench" },
    stdio: "ignore",
  });
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    peak = Math.max(peak, peakOf(child.pid!));
    await sleep(200);
  }
  return peak;
}

/** What `npm run recordings` gives to Node.js. */
function commandLine(): string[] {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: { recordings: string } };
  return scripts.recordings.replace(/^exec node /, "").split(" ");
}

/** The largest memory of a process so far, in MiB; 0 when it has ended. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
