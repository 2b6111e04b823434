import { closeDatabase } from "@/lib/db/client";
import { drain } from "@/lib/jobs/drain";
import { webhookJob } from "@/lib/notifications/webhook-job";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** Another process that delivers what is due. A receiver may kill it. */
await drain(60, { webhook: webhookJob });
await closeDatabase();
