// npm run bench: Custodia beside what one would use instead, in one run, as ratios. `npm run bench -- lists audit`
// runs the named sections only.
import { bootstrap } from "./launch/bootstrap.mjs";

await bootstrap("scripts/launch/run-bench.mjs", process.argv.slice(2));
