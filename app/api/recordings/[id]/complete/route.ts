import { readJsonIfAny, route } from "@/lib/http/route";
import { completeUpload } from "@/lib/uploads/complete-upload";

export const POST = route(completeUpload, async (request, { id }) => {
  const { etag, ticketId } = await readJsonIfAny<{ etag?: string; ticketId?: string }>(request);
  return { recordingId: String(id), etag, ticketId };
});
