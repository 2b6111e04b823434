import type { ImportResult } from "@/scripts/recordings/import-entry";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import type { JournalOutcome } from "@/scripts/recordings/spool/journal";
import { SpoolWatch } from "@/scripts/recordings/spool/spool-watch";
import type { SpoolOptions } from "@/scripts/recordings/spool/upload-spool-file";

export type WatchOptions = SpoolOptions & {
  concurrency: number;
  /** Scans the folder all the time instead of watching it: for network drives. */
  usePolling: boolean;
  /** The first delay before a retry. It doubles up to half an hour. */
  retryMs: number;
  /** Ends after one scan, when each file had its turn. What is not finished is reported as waiting. */
  isOnce: boolean;
  onResult: (result: ImportResult) => void;
  /** Called for each file that the journal knows; after the first scan again at each later one. */
  onKnown: (outcome: JournalOutcome) => void;
  /** Called once if the system cannot watch more folders; the folder is scanned instead. */
  onNoRoom: (code: string) => void;
};

/**
 * Uploads the recordings that a phone system writes to a folder, until the signal, or once. Uploads only finished
 * files; moves each once it is stored, or adds it to the journal. Reports every other file with the reason. Retries
 * transient failures. Safe to interrupt: the next start continues, because the portal knows each recording.
 */
export async function watchFolder(client: PortalClient, spool: string, options: WatchOptions): Promise<void> {
  await new SpoolWatch(client, spool, options).run();
}
