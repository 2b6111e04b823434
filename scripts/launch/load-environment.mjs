// Loads the environment of a command from .env, or from the demo that runs in this folder. If the shell sets
// DATABASE_URL, nothing is loaded: a mixture of two installations would delete the wrong recordings.
import { existsSync } from "node:fs";
import { fromRoot } from "./project.mjs";

const file = [fromRoot(".env"), fromRoot(".data/portal.env")].find((candidate) => existsSync(candidate));
if (file && process.env.DATABASE_URL === undefined) process.loadEnvFile(file);
