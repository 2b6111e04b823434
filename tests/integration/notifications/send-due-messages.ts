import { closeDatabase } from "@/lib/db/client";
import { drain } from "@/lib/jobs/drain";
import { messageJob } from "@/lib/notifications/messages/message-job";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** Another process that sends what is due. A server may kill it. */
await drain(60, { message: messageJob });
await closeDatabase();
