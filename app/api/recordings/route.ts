import { jsonAnswer } from "@/lib/http/json-answer";
import { readJson, route } from "@/lib/http/route";
import { requestUpload } from "@/lib/uploads/request-upload";

export const POST = route(requestUpload, readJson, (ticket) => {
  const { created, ...body } = ticket;
  return jsonAnswer(body, { status: created ? 201 : 200, headers: { location: `/api/recordings/${ticket.id}` } });
});
