import { readJson, route } from "@/lib/http/route";
import { grantDownload, type PlaybackRequest } from "@/lib/playback/grant-playback";

export const POST = route(
  grantDownload,
  async (request, { id }) => ({ ...(await readJson<Omit<PlaybackRequest, "recordingId">>(request)), recordingId: String(id) }),
  (grant) => Response.json(grant, { status: 201 }),
);
