import type { ImportResult } from "@/scripts/recordings/import-entry";
import type { JournalOutcome } from "@/scripts/recordings/spool/journal";
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
