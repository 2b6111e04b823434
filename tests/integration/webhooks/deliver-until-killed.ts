import { jobContext } from "@/lib/operation/job-context";
import { deliverWebhooks } from "@/lib/notifications/deliver-webhooks";

/** A portal that delivers what waits; the receiver kills it. */
await deliverWebhooks(jobContext("webhook"));
