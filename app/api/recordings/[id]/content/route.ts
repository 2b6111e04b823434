import { jsonAnswer } from "@/lib/http/json-answer";
import { route } from "@/lib/http/route";
import { readContentHeaders } from "@/lib/uploads/content/content-headers";
import { receiveContent } from "@/lib/uploads/content/receive-content";
import { startContent } from "@/lib/uploads/content/start-content";

export const PUT = route(
  startContent,
  (request, { id }) => ({ recordingId: String(id), ...readContentHeaders(request.headers) }),
  async (started, request, context) => jsonAnswer(await receiveContent(started, request, context)),
);
