import { cronRoute } from "@/lib/http/cron-route";
import { reconcile } from "@/lib/schedule/reconcile";

export const GET = cronRoute("reconcile", (context) => reconcile(context));
