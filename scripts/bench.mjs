// npm run bench: compares the speed of Custodia with that of plain alternatives. `npm run bench -- lists audit` runs
// only these sections.
import { bootstrap } from "./launch/bootstrap.mjs";

await bootstrap("scripts/launch/run-bench.mjs", process.argv.slice(2));
