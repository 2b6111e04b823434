import { cronRoute } from "@/lib/http/cron-route";
import { retentionCron } from "@/lib/schedule/retention-cron";

// The time limit of a serverless platform, in seconds; the run ends before it.
export const maxDuration = 60;

export const GET = cronRoute("retention", (context, request) =>
  retentionCron(context, new URL(request.url).searchParams.get("limitSeconds")),
);
