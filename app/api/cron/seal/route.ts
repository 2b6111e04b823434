import { sealCron } from "@/lib/schedule/seal-cron";
import { cronRoute } from "@/lib/http/cron-route";

// Seconds that a serverless platform gives it; the round itself ends before.
export const maxDuration = 60;

export const GET = cronRoute("seal", (context) => sealCron(context));
