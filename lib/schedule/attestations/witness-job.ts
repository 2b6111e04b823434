import { cosignCheckpoint } from "@/lib/audit/attestations/cosign-checkpoint";
import { configuredWitnesses } from "@/lib/audit/attestations/witness-states";
import { witnessDigest } from "@/lib/audit/tree/tile-names";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { configuredStore } from "@/lib/storage/configured-store";

const everyMs = 60_000;

/**
 * Has one witness cosign the newest published checkpoint. The job looks again each minute, and ends when the witness is
 * no longer configured; the reconcile job restores a lost one. A failure is retried after 1, 2, 4 minutes and so on, at
 * most an hour. Like sealing, it appends no events: each would need another checkpoint.
 */
export const witnessJob: JobHandler<"witness_checkpoint"> = {
  concurrency: 4,
  maxTries: Infinity,
  run: async ({ payload, signal }) => {
    const witness = configuredWitnesses().find(({ vkey }) => witnessDigest(vkey) === payload.witness);
    if (!witness) return;
    const failure = await cosignCheckpoint(witness, { store: configuredStore(), signal });
    return failure === null ? { again: everyMs } : { failure };
  },
};
