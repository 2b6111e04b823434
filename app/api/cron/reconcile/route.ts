import { cronRoute } from "@/lib/http/cron-route";
import { reconcile } from "@/lib/schedule/reconcile";

// The time limit of a serverless platform, in seconds; the run ends before it.
export const maxDuration = 60;

export const GET = cronRoute("reconcile", (context) => reconcile(context));
