// Gives a command the environment of this folder's installation (.env), or else of the demo that is running here.
// Never mixed with an environment that is set in the shell: half of one installation and half of another would
// delete the wrong things.
import { existsSync } from "node:fs";
import { fromRoot } from "./project.mjs";

const file = [fromRoot(".env"), fromRoot(".data/portal.env")].find((candidate) => existsSync(candidate));
if (file && process.env.DATABASE_URL === undefined) process.loadEnvFile(file);
