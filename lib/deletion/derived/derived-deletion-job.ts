import { claimDerivedDeletion } from "@/lib/deletion/derived/claim-derived-deletion";
import { confirmDerivedDeletion } from "@/lib/deletion/derived/confirm-derived-deletion";
import { eraseKeys } from "@/lib/deletion/erase-keys";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStores } from "@/lib/storage/configured-store";

/** Deletes one derived file once its date has passed, or another has replaced it. Waits until then. */
export const derivedAudioDeletionJob: JobHandler<"derived_audio_deletion"> = {
  maxTries: Infinity,
  run: async ({ payload: { derivedId } }) => {
    const context = jobContext("derived-audio");
    const claim = await claimDerivedDeletion(context, { derivedId });
    if (!claim) return;
    if ("waitMs" in claim) return { again: claim.waitMs };
    const { proof, failure } = await eraseKeys(configuredStores(), [claim.objectKey]);
    if (failure) return { failure: failure.code === "forbidden" ? "store_refused" : "store_unavailable" };
    await confirmDerivedDeletion(context, { derivedId, objectKey: claim.objectKey, proof });
  },
};
