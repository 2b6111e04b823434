import { startPortalServer } from "./portal-server";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** A portal in a process of its own, so that it can be killed. Says where it answers on its first line. */
const { origin } = await startPortalServer();
console.log(origin);
