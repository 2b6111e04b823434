import { drain } from "@/lib/jobs/drain";
import { webhookJob } from "@/lib/notifications/webhook-job";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** A portal that delivers what waits; the receiver kills it. */
await drain(60, { webhook: webhookJob });
