// npm test: everything that must hold, from a bare clone. `npm test -- unit browser` runs the named stages only;
// what follows their names goes on to the tool: `npm test -- unit retention -t "leap day"`.
import { bootstrap } from "./launch/bootstrap.mjs";

await bootstrap("scripts/launch/run-tests.mjs", process.argv.slice(2));
