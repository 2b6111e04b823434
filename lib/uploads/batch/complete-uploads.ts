import { command, parseInput } from "@/lib/operation/operation";
import { continueAccepted, settle, type Settled } from "@/lib/operation/settled";
import { batchOf } from "@/lib/uploads/batch/batch-input";
import { completionRequest } from "@/lib/uploads/completion/completion-request";
import {
  completeUploads as complete,
  prepareCompletions,
  removeRefused,
  type PreparedCompletion,
} from "@/lib/uploads/completion/upload-completion";
import type { Stored } from "@/lib/uploads/upload-outcome";

/**
 * `completeUpload` for up to 100 uploads, each with its own answer, in the order of the requests. A refused item stops
 * no other. Safe to repeat.
 */
export const completeUploads = command({
  permission: "recording:complete-upload",
  input: batchOf("uploads"),
  audits: [
    "recording.stored",
    "recording.held",
    "recording.rejected",
    "recording.upload_refused",
    "recording.quarantined",
  ],
  prepare: async ({ db, actor, input }) => {
    const parsed = await Promise.all(input.uploads.map((raw) => settle(() => parseInput(completionRequest, raw))));
    return continueAccepted(parsed, (requests) => prepareCompletions(db, actor, requests));
  },
  run: async ({ tx, prepared }) => {
    const ended = await continueAccepted(prepared, (accepted) => complete(tx, accepted));
    const result = ended.map((item): Settled<Stored> => {
      if ("refusal" in item) return item;
      return "result" in item.value ? { value: item.value.result } : { refusal: item.value.refusal };
    });
    const [first, ...more] = ended.flatMap((item) =>
      "value" in item && "audits" in item.value ? item.value.audits : [],
    );
    return first ? { result, audits: [first, ...more] } : { result, unchanged: true };
  },
  afterCommit: async ({ prepared, result }) => {
    const refused = prepared.flatMap((item, index) =>
      "value" in item && "refusal" in result[index]! ? [item.value] : [],
    );
    await removeAll(refused);
  },
});

/** Continues after a failure, and reports the first. */
async function removeAll(refused: readonly PreparedCompletion[]): Promise<void> {
  const ended = await Promise.allSettled(refused.map(removeRefused));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}
