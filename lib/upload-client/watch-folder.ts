import { once } from "node:events";
import path from "node:path";
import { watch } from "chokidar";
import pLimit from "p-limit";
import { audioContentType } from "@/lib/upload-client/audio-content-type";
import type { ImportResult } from "@/lib/upload-client/import-recordings";
import type { PortalClient } from "@/lib/upload-client/portal-client";
import { settlingTime } from "@/lib/upload-client/settling-time";
import { takeSpoolFile, type SpoolOptions } from "@/lib/upload-client/take-spool-file";

export type WatchOptions = SpoolOptions & {
  concurrency: number;
  /** A file is finished when nothing was written to it for so long, in milliseconds. */
  settleMs: number;
  /** Ask the file system now and then instead of being told: for network drives. */
  usePolling: boolean;
  /** First wait before a file is tried again; it doubles up to half an hour. */
  retryMs: number;
  onResult: (result: ImportResult) => void;
};

const longestRetryMs = 30 * 60_000;

/**
 * Uploads what a phone system writes to a folder, until the signal: only finished files, each put aside after the portal said `stored`.
 * What may pass is tried again; what is refused for good is put aside with its reason. Killed at any point, the next start goes on:
 * the portal knows each call by its id.
 */
export async function watchFolder(client: PortalClient, spool: string, options: WatchOptions): Promise<void> {
  const { settleMs, usePolling, signal } = options;
  const limit = pLimit(options.concurrency);
  const waiting = new Map<string, NodeJS.Timeout>();
  const watcher = watch(spool, {
    ignored: (name, stats) => name !== spool && (path.basename(name).startsWith(".") || (stats?.isFile() === true && !audioContentType(name))),
    usePolling,
  });
  const running = new Set<Promise<void>>();
  const take = (file: string, attempt: number) => {
    const work = limit(async () => {
      if (signal.aborted) return;
      const settling = await settlingTime(file, settleMs);
      if (settling !== 0) return settling === null ? undefined : takeLater(file, settling, attempt);
      const result = await takeSpoolFile(client, spool, file, options);
      if (!result || signal.aborted) return;
      options.onResult(result);
      if (result.mayPass) takeLater(file, delayOf(attempt, options.retryMs), attempt + 1);
    }).finally(() => running.delete(work));
    running.add(work);
  };
  const takeLater = (file: string, delayMs: number, attempt: number) => {
    clearTimeout(waiting.get(file));
    waiting.set(file, setTimeout(() => (waiting.delete(file), take(file, attempt)), delayMs));
  };
  for (const event of ["add", "change"] as const) watcher.on(event, (file) => void (waiting.has(file) || take(file, 0)));
  watcher.on("error", (error) => options.onResult({ line: 0, outcome: "failed", problem: `watching: ${(error as NodeJS.ErrnoException).code ?? "failed"}` }));
  if (!signal.aborted) await once(signal, "abort");
  waiting.forEach(clearTimeout);
  await watcher.close();
  await Promise.all(running);
}

/** Full jitter, so that many spools do not come back to a portal at the same moment. */
function delayOf(attempt: number, retryMs: number): number {
  return Math.min(longestRetryMs, retryMs * 2 ** attempt) * (0.5 + Math.random() / 2);
}
