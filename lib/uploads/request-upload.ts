import { command } from "@/lib/operation/operation";
import { unwrap } from "@/lib/operation/settled";
import { prepareRequest } from "@/lib/uploads/tickets/prepared-request";
import { issueTickets } from "@/lib/uploads/tickets/ticket-requests";
import { uploadRequest } from "@/lib/uploads/upload-request";

/** Issues a ticket for one recording, as `issueTickets` does. @throws AppError as `prepareRequest`, `issueTickets`. */
export const requestUpload = command({
  permission: "recording:upload",
  input: uploadRequest,
  audits: ["recording.upload_requested", "recording.upload_reissued", "recording.quarantined"],
  prepare: ({ db, actor, input }) => prepareRequest(db, actor, input),
  run: async ({ tx, actor, prepared }) => {
    const { ticket, audits } = unwrap(await issueTickets(tx, actor, [prepared]));
    const [first, ...more] = audits;
    return first ? { result: ticket, audits: [first, ...more] } : { result: ticket, unchanged: true };
  },
});
