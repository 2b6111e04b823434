// npm test: runs all checks, from a bare clone. `npm test -- unit browser` runs only these stages; arguments after
// their names are passed to the tool: `npm test -- unit retention -t "leap day"`.
import { bootstrap } from "./launch/bootstrap.mjs";

await bootstrap("scripts/launch/run-tests.mjs", process.argv.slice(2));
