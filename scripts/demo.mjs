// npm run demo: the whole portal on this machine, with data to look at. Needs Node.js and npm, nothing else.
// `npm run demo -- --store=ceph` keeps the recordings in a real S3 server (Linux) instead of a folder.
import { launch } from "./launch/launch.mjs";

await launch("production", process.argv.slice(2));
