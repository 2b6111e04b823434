import { route } from "@/lib/http/route";
import { completeUpload } from "@/lib/recordings/complete-upload";

export const POST = route(completeUpload, (_request, { id }) => ({ recordingId: String(id) }));
