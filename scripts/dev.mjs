// npm run dev: starts the demo and reloads it when the source changes.
import { launch } from "./launch/launch.mjs";

await launch("development", process.argv.slice(2));
