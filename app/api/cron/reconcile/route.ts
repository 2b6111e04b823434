import { cronRoute } from "@/lib/http/cron-route";
import { reconcileUploads } from "@/lib/recordings/reconcile-uploads";

export const GET = cronRoute("reconcile", (context) => reconcileUploads(context));
