import { startPortal } from "@/lib/schedule/start-portal";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** A process of the portal that nobody visits: its background work as after a start of the server. */
await startPortal();
