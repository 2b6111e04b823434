import { startPortalServer } from "./portal-server";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** A portal in its own process, so that it can be killed. Prints its address on the first line. */
const { origin } = await startPortalServer();
console.log(origin);
