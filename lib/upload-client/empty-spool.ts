import pLimit from "p-limit";
import type { ImportResult } from "@/lib/upload-client/import-recordings";
import { listAudioFiles } from "@/lib/upload-client/list-audio-files";
import type { PortalClient } from "@/lib/upload-client/portal-client";
import { settlingTime } from "@/lib/upload-client/settling-time";
import { takeSpoolFile } from "@/lib/upload-client/take-spool-file";
import type { WatchOptions } from "@/lib/upload-client/watch-folder";

/** As `watchFolder`, once over what is finished now; for a scheduler. What may pass waits for the next time. */
export async function emptySpool(client: PortalClient, spool: string, options: WatchOptions): Promise<void> {
  const limit = pLimit(options.concurrency);
  const running = new Set<Promise<void>>();
  for await (const file of listAudioFiles(spool)) {
    if (options.signal.aborted) break;
    if ((await settlingTime(file, options.settleMs)) !== 0) continue;
    const work = limit(async () => report(await takeSpoolFile(client, spool, file, options), options)).finally(() => running.delete(work));
    running.add(work);
    // No more files are looked up than are being sent: a spool may hold millions.
    if (running.size >= options.concurrency * 2) await Promise.race(running);
  }
  await Promise.all(running);
}

function report(result: ImportResult | null, { signal, onResult }: WatchOptions): void {
  if (result && !signal.aborted) onResult(result);
}
