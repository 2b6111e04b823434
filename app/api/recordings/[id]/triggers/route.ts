import { readJson, route } from "@/lib/http/route";
import { reportTrigger, type TriggerReport } from "@/lib/retention/report-trigger";

export const POST = route(reportTrigger, async (request, { id }) => ({
  ...(await readJson<Omit<TriggerReport, "recordingId">>(request)),
  recordingId: String(id),
}));
