import { readJson, route } from "@/lib/http/route";
import { listParts } from "@/lib/uploads/parts/list-parts";
import { requestPart, type PartRequest } from "@/lib/uploads/parts/request-part";

export const GET = route(listParts, (request, { id }) => ({
  recordingId: String(id),
  ticketId: new URL(request.url).searchParams.get("ticketId"),
}));

export const POST = route(requestPart, async (request, { id }) => ({
  ...(await readJson<PartRequest>(request)),
  recordingId: String(id),
}));
