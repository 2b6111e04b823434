import { readJson, route } from "@/lib/http/route";
import { reportHeard, type HeardReport } from "@/lib/playback/report-heard";

export const POST = route(reportHeard, async (request, { grantId }) => ({
  ...(await readJson<HeardReport>(request)),
  grantId: String(grantId),
}));
