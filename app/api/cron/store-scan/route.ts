import { storeScanCron } from "@/lib/schedule/store-scan-cron";
import { cronRoute } from "@/lib/http/cron-route";

// The time limit of a serverless platform, in seconds; the scan stops before it.
export const maxDuration = 60;

export const GET = cronRoute("store-scan", (context, request) =>
  storeScanCron(context, new URL(request.url).searchParams.get("limitSeconds")),
);
