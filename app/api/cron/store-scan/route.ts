import { storeScanCron } from "@/lib/schedule/store-scan-cron";
import { cronRoute } from "@/lib/http/cron-route";

// Seconds that a serverless platform gives it; the round itself ends before.
export const maxDuration = 60;

export const GET = cronRoute("store-scan", (context, request) =>
  storeScanCron(context, new URL(request.url).searchParams.get("limitSeconds")),
);
