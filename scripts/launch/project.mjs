import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const projectRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

export const fromRoot = (...parts) => path.join(projectRoot, ...parts);

/** The folder of the demo's database, recordings, secrets and logs. */
export const dataFolder = fromRoot(".data");

/** The Node.js that package.json pins and npm installs. */
export const pinnedNode = fromRoot("node_modules/node/bin/node");

/** A problem that the person at the terminal can solve. Shown without a stack trace. */
export class LaunchProblem extends Error {
  name = "LaunchProblem";
}

/** Prints the error: only the message of a LaunchProblem, otherwise with its stack trace. */
export function report(error) {
  console.error(error instanceof LaunchProblem ? `\n  ✗ ${error.message}\n` : error);
}
