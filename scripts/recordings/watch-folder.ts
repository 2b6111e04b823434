import { once } from "node:events";
import path from "node:path";
import { watch } from "chokidar";
import pLimit from "p-limit";
import { audioContentType } from "@/scripts/recordings/audio-content-type";
import { finishStoredFile } from "@/scripts/recordings/finish-stored-file";
import type { ImportResult } from "@/scripts/recordings/import-recordings";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { takeSpoolFile, type SpoolOptions } from "@/scripts/recordings/take-spool-file";

export type WatchOptions = SpoolOptions & {
  concurrency: number;
  /** Poll the file system instead of watching it: for network drives. */
  usePolling: boolean;
  /** First wait before a file is tried again; it doubles up to half an hour. */
  retryMs: number;
  onResult: (result: ImportResult) => void;
};

const longestRetryMs = 30 * 60_000;

/**
 * Uploads what a phone system writes to a folder, until the signal. Only finished files are uploaded, and each is set
 * aside once it is `stored`. Transient failures are retried; refused files are set aside with the reason. After a kill
 * the next start continues: the portal knows each call by its id.
 */
export async function watchFolder(client: PortalClient, spool: string, options: WatchOptions): Promise<void> {
  const { usePolling, signal } = options;
  const limit = pLimit(options.concurrency);
  const waiting = new Map<string, NodeJS.Timeout>();
  // One upload at a time per file: two would close each other's tickets.
  const inHand = new Map<string, Promise<void>>();
  const changedInHand = new Set<string>();
  const watcher = watch(spool, {
    ignored: (name, stats) =>
      name !== spool && (path.basename(name).startsWith(".") || (stats?.isFile() === true && !audioContentType(name))),
    usePolling,
  });
  const take = (file: string, attempt: number) => void inHand.set(file, work(file, attempt));
  const work = async (file: string, attempt: number) => {
    const again = await takeOnce(file, attempt);
    inHand.delete(file);
    const hasChanged = changedInHand.delete(file);
    if (signal.aborted) return;
    if (again)
      waiting.set(
        file,
        setTimeout(() => (waiting.delete(file), take(file, again.attempt)), again.waitMs),
      );
    else if (hasChanged) take(file, 0);
  };
  /** When to check the file again; null when it is done. */
  const takeOnce = async (file: string, attempt: number) => {
    const taken = await limit(() => takeSpoolFile(client, spool, file, options));
    if (!taken) return null;
    if ("waitMs" in taken) return { waitMs: taken.waitMs, attempt };
    const result = taken.stored
      ? await finishStoredFile(spool, file, taken.result, taken.stored, options)
      : taken.result;
    options.onResult(result);
    return result.mayPass ? { waitMs: delayOf(attempt, options.retryMs), attempt: attempt + 1 } : null;
  };
  for (const event of ["add", "change"] as const) {
    watcher.on(event, (file) => {
      if (inHand.has(file)) changedInHand.add(file);
      else if (!waiting.has(file)) take(file, 0);
    });
  }
  watcher.on("error", (error) =>
    options.onResult({
      line: 0,
      outcome: "failed",
      problem: `watching: ${(error as NodeJS.ErrnoException).code ?? "failed"}`,
    }),
  );
  if (!signal.aborted) await once(signal, "abort");
  waiting.forEach(clearTimeout);
  await watcher.close();
  await Promise.all(inHand.values());
}

/** Full jitter, so that many spools do not return to a portal at the same moment. */
function delayOf(attempt: number, retryMs: number): number {
  return Math.min(longestRetryMs, retryMs * 2 ** attempt) * (0.5 + Math.random() / 2);
}
