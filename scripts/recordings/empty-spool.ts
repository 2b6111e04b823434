import pLimit from "p-limit";
import { finishStoredFile } from "@/scripts/recordings/finish-stored-file";
import { listAudioFiles } from "@/scripts/recordings/list-audio-files";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { takeSpoolFile } from "@/scripts/recordings/take-spool-file";
import type { WatchOptions } from "@/scripts/recordings/watch-folder";

/**
 * Like `watchFolder`, once over the files that are finished now; for a scheduler. Transient failures wait for the next
 * run.
 */
export async function emptySpool(client: PortalClient, spool: string, options: WatchOptions): Promise<void> {
  const limit = pLimit(options.concurrency);
  const sending = new Set<Promise<void>>();
  const finishing = new Set<Promise<void>>();
  const take = async (file: string) => {
    const taken = await limit(() => takeSpoolFile(client, spool, file, options));
    if (!taken || "waitMs" in taken) return;
    if (!taken.stored) return options.onResult(taken.result);
    // Limits the stored files that wait to settle.
    const finish = finishStoredFile(spool, file, taken.result, taken.stored, options)
      .then(options.onResult)
      .finally(() => finishing.delete(finish));
    finishing.add(finish);
  };
  for await (const file of listAudioFiles(spool)) {
    if (options.signal.aborted) break;
    const work = take(file).finally(() => sending.delete(work));
    sending.add(work);
    // Reads no more file names than it uploads: a spool may hold millions.
    if (sending.size >= options.concurrency * 2) await Promise.race(sending);
  }
  await Promise.all(sending);
  await Promise.all(finishing);
}
