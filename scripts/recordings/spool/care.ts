import { setTimeout as wait } from "node:timers/promises";
import type { ImportResult } from "@/scripts/recordings/import-entry";
import { takeBackGrown } from "@/scripts/recordings/spool/grown-files";
import { forgetRemoved } from "@/scripts/recordings/spool/removed-originals";
import type { WatchOptions } from "@/scripts/recordings/spool/watch-options";

const betweenMs = 10 * 60_000;
const dayMs = 86_400_000;
const grown = "file: written to after it was stored";

type Reports = { onBack: (file: string) => void; onResult: (result: ImportResult) => void };

/**
 * Takes files back to the spool that grew after they were stored and moved, and removes old entries from the journal
 * and of removed originals: from time to time until the signal, or once.
 */
export async function careForSpool(spool: string, options: WatchOptions, reports: Reports): Promise<void> {
  const { signal, isOnce, isDryRun, journal } = options;
  if (isDryRun) return;
  const kept = new Set<string>();
  await forgetRemoved(spool, signal).catch(() => undefined);
  let forgottenAt = Date.now();
  do {
    // What fails now, such as a folder that cannot be read, is tried again the next time.
    await (journal ? journal.compactDaily(signal) : reportGrown(spool, options, reports, kept)).catch(() => undefined);
    if (Date.now() - forgottenAt > dayMs) {
      await forgetRemoved(spool, signal).catch(() => undefined);
      forgottenAt = Date.now();
    }
    if (!isOnce) await wait(betweenMs, undefined, { signal }).catch(() => undefined);
  } while (!isOnce && !signal.aborted);
}

async function reportGrown(spool: string, { settleMs }: WatchOptions, reports: Reports, known: Set<string>) {
  const { back, kept } = await takeBackGrown(spool, settleMs);
  for (const file of back) {
    const problem = `${grown}; it is sent again`;
    reports.onResult({ line: 0, file, outcome: "failed", problem, mayPass: true });
    reports.onBack(file);
  }
  for (const file of kept) {
    if (!known.has(file))
      reports.onResult({ line: 0, file, outcome: "failed", problem: `${grown}; it is kept in .stored`, mayPass: true });
    known.add(file);
  }
}
