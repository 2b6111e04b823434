import { once } from "node:events";
import path from "node:path";
import { watch } from "chokidar";
import pLimit from "p-limit";
import { audioContentType } from "@/scripts/recordings/audio-content-type";
import { finishStoredFile } from "@/scripts/recordings/finish-stored-file";
import type { ImportResult } from "@/scripts/recordings/import-recordings";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { uploadSpoolFile, type SpoolOptions } from "@/scripts/recordings/upload-spool-file";

export type WatchOptions = SpoolOptions & {
  concurrency: number;
  /** Polls the file system instead of watching it: for network drives. */
  usePolling: boolean;
  /** The first delay before a retry. It doubles up to half an hour. */
  retryMs: number;
  onResult: (result: ImportResult) => void;
};

const longestRetryMs = 30 * 60_000;

/**
 * Uploads the recordings that a phone system writes to a folder, until the signal. Uploads only finished files, and
 * moves each once it is stored. Retries transient failures; moves refused files with the reason. Safe to interrupt: the
 * next start continues, because the portal knows each call by its id.
 */
export async function watchFolder(client: PortalClient, spool: string, options: WatchOptions): Promise<void> {
  const { usePolling, signal } = options;
  const limit = pLimit(options.concurrency);
  const waiting = new Map<string, NodeJS.Timeout>();
  // At most one upload of a file at a time: two would close each other's tickets.
  const uploading = new Map<string, Promise<void>>();
  const changedMeanwhile = new Set<string>();
  const watcher = watch(spool, {
    ignored: (name, stats) =>
      name !== spool && (path.basename(name).startsWith(".") || (stats?.isFile() === true && !audioContentType(name))),
    usePolling,
  });
  const start = (file: string, attempt: number) => void uploading.set(file, work(file, attempt));
  const work = async (file: string, attempt: number) => {
    const again = await uploadOnce(file, attempt);
    uploading.delete(file);
    const hasChanged = changedMeanwhile.delete(file);
    if (signal.aborted) return;
    if (again)
      waiting.set(
        file,
        setTimeout(() => (waiting.delete(file), start(file, again.attempt)), again.waitMs),
      );
    else if (hasChanged) start(file, 0);
  };
  /** When to check the file again; null when it is done. */
  const uploadOnce = async (file: string, attempt: number) => {
    const outcome = await limit(() => uploadSpoolFile(client, spool, file, options));
    if (!outcome) return null;
    if ("waitMs" in outcome) return { waitMs: outcome.waitMs, attempt };
    const result = outcome.stored
      ? await finishStoredFile(spool, file, outcome.result, outcome.stored, options)
      : outcome.result;
    options.onResult(result);
    return result.mayPass ? { waitMs: delayOf(attempt, options.retryMs), attempt: attempt + 1 } : null;
  };
  for (const event of ["add", "change"] as const) {
    watcher.on(event, (file) => {
      if (uploading.has(file)) changedMeanwhile.add(file);
      else if (!waiting.has(file)) start(file, 0);
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
  await Promise.all(uploading.values());
}

/** Returns the delay before a retry, with jitter, so that many clients do not retry at the same moment. */
function delayOf(attempt: number, retryMs: number): number {
  return Math.min(longestRetryMs, retryMs * 2 ** attempt) * (0.5 + Math.random() / 2);
}
