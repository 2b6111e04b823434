import { z } from "zod";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { siemReceiver } from "@/lib/notifications/siem/siem-receiver";
import { command } from "@/lib/operation/operation";

/** Lets the stream run, if there is a receiver and no job runs or waits. */
export const enqueueSiemStream = command({
  permission: "siem-stream:deliver",
  input: z.object({}),
  audits: [],
  run: async ({ tx }) => {
    if (siemReceiver()) await enqueueMissingJobs(tx, [{ kind: "siem_stream", key: "all", payload: {} }]);
    return { result: null, unchanged: true as const };
  },
});
