import { jsonAnswer } from "@/lib/http/json-answer";
import { readJson, route } from "@/lib/http/route";
import { grantPlayback, type PlaybackRequest } from "@/lib/playback/grant-playback";

export const POST = route(
  grantPlayback,
  async (request, { id }) => ({
    ...(await readJson<Omit<PlaybackRequest, "recordingId">>(request)),
    recordingId: String(id),
  }),
  (grant) => jsonAnswer(grant, { status: 201 }),
);
