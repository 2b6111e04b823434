import type { JobHandler } from "@/lib/jobs/job-handler";
import { listUnknownFormats } from "@/lib/media/format-renewal/list-unknown-formats";
import { renewFormat } from "@/lib/media/format-renewal/renew-format";
import { waitForQuiet } from "@/lib/media/quiet-time";
import { jobContext } from "@/lib/operation/job-context";

const perBatch = 100;
const longestWaitMs = 2_000;
/** What could not be read may be back: a store that was restored, an object that was put back. */
const nextAttemptMs = 6 * 60 * 60_000;

/**
 * Names the codecs of recordings of earlier releases, and measures again what that release measured wrongly. Each
 * recording commits, so a killed job goes on with the next one. Never given up while the store is unavailable.
 */
export const formatRenewalJob: JobHandler<"format_renewal"> = {
  maxTries: Infinity,
  run: async ({ signal }) => {
    const context = jobContext("format-renewal");
    let before: string | null = null;
    let areSomeLeft = false;
    for (;;) {
      const ids: string[] = await listUnknownFormats(context, { before, limit: perBatch });
      for (const recordingId of ids) {
        if (!(await waitForQuiet(context, Date.now() + longestWaitMs, signal))) return { again: 0 };
        if (!(await renewFormat(context, { recordingId })).isRead) areSomeLeft = true;
      }
      before = ids.at(-1) ?? null;
      if (before === null) return areSomeLeft ? { again: nextAttemptMs } : undefined;
    }
  },
};
