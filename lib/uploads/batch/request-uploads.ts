import pLimit from "p-limit";
import { command, parseInput } from "@/lib/operation/operation";
import { continueAccepted, settle, type Settled } from "@/lib/operation/settled";
import { batchOf, itemsAtOnce } from "@/lib/uploads/batch/batch-input";
import { prepareRequest } from "@/lib/uploads/tickets/prepared-request";
import { issueTickets, type UploadTicket } from "@/lib/uploads/tickets/ticket-requests";
import { uploadRequest } from "@/lib/uploads/upload-request";

/**
 * `requestUpload` for up to 100 recordings, each with its own answer, in the order of the requests. A refused item
 * stops no other. Safe to repeat.
 */
export const requestUploads = command({
  permission: "recording:upload",
  input: batchOf("recordings"),
  audits: ["recording.upload_requested", "recording.upload_reissued", "recording.quarantined"],
  prepare: ({ db, actor, input }) => {
    const limit = pLimit(itemsAtOnce);
    const prepare = (raw: unknown) => prepareRequest(db, actor, parseInput(uploadRequest, raw));
    return Promise.all(input.recordings.map((raw) => limit(() => settle(() => prepare(raw)))));
  },
  run: async ({ tx, actor, prepared }) => {
    const issued = await continueAccepted(prepared, (accepted) => issueTickets(tx, actor, accepted));
    const result = issued.map((item): Settled<UploadTicket> => ("value" in item ? { value: item.value.ticket } : item));
    const [first, ...more] = issued.flatMap((item) => ("value" in item ? item.value.audits : []));
    return first ? { result, audits: [first, ...more] } : { result, unchanged: true };
  },
});
