import pLimit from "p-limit";
import { jobContext } from "@/lib/auth/job-context";
import { log } from "@/lib/log";
import { deliverWebhooks } from "@/lib/webhooks/deliver-webhooks";

const one = pLimit(1);

/** Sends waiting messages in the background; one run waits behind the one that works. What fails here the reconciliation job repeats. */
export function deliverWebhooksSoon(): void {
  if (one.pendingCount > 0) return;
  one(() => deliverWebhooks(jobContext("webhook"))).catch((error: unknown) => log.error({ error }, "webhooks not delivered"));
}
