import { z } from "zod";
import { recordings } from "@/lib/db/schema";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { hasUnknownFormat } from "@/lib/media/format-renewal/list-unknown-formats";
import { command } from "@/lib/operation/operation";

/** Asks for the job that names the codecs of recordings of earlier releases, if there are any. */
export const enqueueFormatRenewal = command({
  permission: "recording:compute-waveform",
  input: z.object({}),
  audits: [],
  run: async ({ tx }) => {
    const [found] = await tx.select({ id: recordings.id }).from(recordings).where(hasUnknownFormat).limit(1);
    if (found) await enqueueMissingJobs(tx, [{ kind: "format_renewal", key: "all", payload: {} }]);
    return { result: null, unchanged: true as const };
  },
});
