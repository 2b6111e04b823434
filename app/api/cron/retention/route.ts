import { cronRoute } from "@/lib/http/cron-route";
import { retentionCron } from "@/lib/schedule/retention-cron";

// Seconds that a serverless platform gives it; the run itself ends before.
export const maxDuration = 60;

export const GET = cronRoute("retention", (context, request) =>
  retentionCron(context, new URL(request.url).searchParams.get("limitSeconds")),
);
