// Gives a command the environment of this folder's installation (.env), or else of the demo that is running here.
// What is set in the shell goes first.
import { existsSync } from "node:fs";
import { fromRoot } from "./project.mjs";

const file = [fromRoot(".env"), fromRoot(".data/portal.env")].find((candidate) => existsSync(candidate));
if (file) process.loadEnvFile(file);
