import { z } from "zod";
import { configuredTimeStamps } from "@/lib/audit/attestations/time-stamp-state";
import { configuredWitnesses } from "@/lib/audit/attestations/witness-states";
import { witnessDigest } from "@/lib/audit/tree/tile-names";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";

/** Asks for the cosignatures of each configured witness and for time stamps, if no job waits for its turn. */
export const enqueueAttestations = command({
  permission: "audit:seal",
  input: z.object({}),
  audits: [],
  run: async ({ tx }) => {
    const digests = configuredWitnesses().map(({ vkey }) => witnessDigest(vkey));
    await enqueueMissingJobs(
      tx,
      digests.map((witness) => ({ kind: "witness_checkpoint", key: witness, payload: { witness } })),
    );
    if (configuredTimeStamps()) await enqueueMissingJobs(tx, [{ kind: "audit_timestamp", key: "all", payload: {} }]);
    return { result: null, unchanged: true as const };
  },
});
