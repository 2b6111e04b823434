import { command } from "@/lib/operation/operation";
import { unwrap } from "@/lib/operation/settled";
import { completionRequest } from "@/lib/uploads/completion/completion-request";
import { completeUploads, prepareCompletions, removeRefused } from "@/lib/uploads/completion/upload-completion";

/**
 * Takes an uploaded recording into custody after verifying it in the store. Returns `stored` only for the content that
 * the completion refers to (`findClaimedContent`), with the id of the recording that has it: content whose hash nobody
 * announced may be another recording of the call. Safe to repeat. The reconcile job calls it for uploads that were sent
 * and never completed.
 * @throws AppError `not_found`; `not_uploaded` when nothing was sent yet; `ticket_expired` when nothing was sent in
 * time; `size_mismatch`, `checksum_mismatch`, `empty_file`, `not_audio`, `unsupported_media_type`,
 * `encryption_missing`: the recording is rejected, the object removed, and a new ticket may be requested;
 * `ticket_used`; `already_deleted`; `upload_conflict` when other content of the sender's own recording id was stored or
 * replaced this one; `upload_ambiguous`; `default_policy_required`.
 */
export const completeUpload = command({
  permission: "recording:complete-upload",
  input: completionRequest,
  audits: [
    "recording.stored",
    "recording.held",
    "recording.rejected",
    "recording.upload_refused",
    "recording.quarantined",
  ],
  prepare: async ({ db, actor, input }) => unwrap(await prepareCompletions(db, actor, [input])),
  run: async ({ tx, prepared }) => unwrap(await completeUploads(tx, [prepared])),
  afterRefusal: ({ prepared }) => removeRefused(prepared),
});
