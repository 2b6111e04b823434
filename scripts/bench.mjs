// npm run bench: compares Custodia with the obvious alternatives in one run, as ratios. `npm run bench -- lists audit`
// runs only the named sections.
import { bootstrap } from "./launch/bootstrap.mjs";

await bootstrap("scripts/launch/run-bench.mjs", process.argv.slice(2));
