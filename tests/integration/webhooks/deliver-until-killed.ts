import { drain } from "@/lib/jobs/drain";
import { webhookJob } from "@/lib/notifications/webhook-job";

/** A portal that delivers what waits; the receiver kills it. */
await drain(60, { webhook: webhookJob });
