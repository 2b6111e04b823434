import { readJsonIfAny, route } from "@/lib/http/route";
import { completeUpload } from "@/lib/uploads/complete-upload";

export const POST = route(completeUpload, async (request, { id }) => ({
  recordingId: String(id),
  etag: (await readJsonIfAny<{ etag?: string }>(request)).etag,
}));
