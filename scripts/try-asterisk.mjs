// npm run try-asterisk: installs Asterisk of Debian sid in .data/asterisk, makes ten calls by SIP, and checks that
// `watch` stores each recording once, as the call detail records say. Needs root on Debian; not a part of `npm test`.
import { bootstrap } from "./launch/bootstrap.mjs";

await bootstrap("scripts/asterisk/try-asterisk.mjs", process.argv.slice(2));
