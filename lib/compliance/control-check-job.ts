import { checkControls } from "@/lib/compliance/check-controls";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";

/** The daily check of all controls. */
export const controlCheckJob: JobHandler<"control_check"> = {
  run: async () => void (await checkControls(jobContext("control-check"), {})),
};
