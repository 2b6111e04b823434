import { eraseKeys } from "@/lib/deletion/erase-keys";
import { claimReportDeletion } from "@/lib/deletion/reports/claim-report-deletion";
import { confirmReportDeletion } from "@/lib/deletion/reports/confirm-report-deletion";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStores } from "@/lib/storage/configured-store";

/** Deletes one report of the log once its date has passed. Waits until then. */
export const reportDeletionJob: JobHandler<"audit_report_deletion"> = {
  maxTries: Infinity,
  run: async ({ payload: { reportId } }) => {
    const context = jobContext("audit-report");
    const claim = await claimReportDeletion(context, { reportId });
    if (!claim) return;
    if ("waitMs" in claim) return { again: claim.waitMs };
    const { proof, failure } = await eraseKeys(configuredStores(), claim.objectKeys);
    if (failure) return { failure: failure.code === "forbidden" ? "store_refused" : "store_unavailable" };
    await confirmReportDeletion(context, { reportId, objectKeys: claim.objectKeys, proof });
  },
};
