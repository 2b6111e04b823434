import pLimit from "p-limit";
import { finishStoredFile } from "@/scripts/recordings/finish-stored-file";
import { listAudioFiles } from "@/scripts/recordings/list-audio-files";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { uploadSpoolFile } from "@/scripts/recordings/upload-spool-file";
import type { WatchOptions } from "@/scripts/recordings/watch-folder";

/** Uploads the finished files of a folder once, for a scheduler. The next run retries transient failures. */
export async function emptySpool(client: PortalClient, spool: string, options: WatchOptions): Promise<void> {
  const limit = pLimit(options.concurrency);
  const sending = new Set<Promise<void>>();
  const finishing = new Set<Promise<void>>();
  const upload = async (file: string) => {
    const outcome = await limit(() => uploadSpoolFile(client, spool, file, options));
    if (!outcome || "waitMs" in outcome) return;
    if (!outcome.stored) return options.onResult(outcome.result);
    // Not within the limit: stored files only wait.
    const finish = finishStoredFile(spool, file, outcome.result, outcome.stored, options)
      .then(options.onResult)
      .finally(() => finishing.delete(finish));
    finishing.add(finish);
  };
  for await (const file of listAudioFiles(spool)) {
    if (options.signal.aborted) break;
    const work = upload(file).finally(() => sending.delete(work));
    sending.add(work);
    // Reads only as many file names as it can upload: a folder may have millions.
    if (sending.size >= options.concurrency * 2) await Promise.race(sending);
  }
  await Promise.all(sending);
  await Promise.all(finishing);
}
