import { route } from "@/lib/http/route";
import { answerPlayback } from "@/lib/http/bytes/playback-answer";
import { openPlayback } from "@/lib/playback/open-playback";

const answer = route(
  openPlayback,
  (_request, { grantId }) => ({ grantId: String(grantId) }),
  (playback, request, context) => answerPlayback(request, playback, context),
);

export { answer as GET, answer as HEAD };
