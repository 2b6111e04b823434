import { route } from "@/lib/http/route";
import { readUpload } from "@/lib/uploads/read-upload";

export const GET = route(readUpload, (_request, { id }) => ({ recordingId: String(id) }));
