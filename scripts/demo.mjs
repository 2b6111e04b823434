// npm run demo: starts the portal with example data. Needs only Node.js and npm.
// `npm run demo -- --store=ceph` stores the recordings on an S3 server (Linux) instead of in a folder.
import { launch } from "./launch/launch.mjs";

await launch("production", process.argv.slice(2));
