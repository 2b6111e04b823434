// npm run demo: the whole portal on this machine, with data to look at. Needs Node.js and npm, nothing else.
import { launch } from "./launch/launch.mjs";

await launch("production");
