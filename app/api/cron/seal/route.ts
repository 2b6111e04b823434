import { sealCron } from "@/lib/schedule/seal-cron";
import { cronRoute } from "@/lib/http/cron-route";

// The time limit of a serverless platform, in seconds; sealing ends before it.
export const maxDuration = 60;

export const GET = cronRoute("seal", (context) => sealCron(context));
