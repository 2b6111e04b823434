import { jsonAnswer } from "@/lib/http/json-answer";
import { readJson, route } from "@/lib/http/route";
import { grantDerivedPlayback } from "@/lib/playback/grant-derived-playback";

type Body = Omit<Parameters<typeof grantDerivedPlayback>[1], "derivedId">;

export const POST = route(
  grantDerivedPlayback,
  async (request, { derivedId }) => ({ ...(await readJson<Body>(request)), derivedId: String(derivedId) }),
  (grant) => jsonAnswer(grant, { status: 201 }),
);
