// npm run dev: as the demo, reloading at each change of the source.
import { launch } from "./launch/launch.mjs";

await launch("development", process.argv.slice(2));
