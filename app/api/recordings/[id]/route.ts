import { route } from "@/lib/http/route";
import { readUpload } from "@/lib/recordings/read-upload";

export const GET = route(readUpload, (_request, { id }) => ({ recordingId: String(id) }));
