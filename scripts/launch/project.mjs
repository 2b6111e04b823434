import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder; commands work from anywhere. */
export const projectRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

export const fromRoot = (...parts) => path.join(projectRoot, ...parts);

/** Where the demo keeps everything: database, recordings, secrets, logs. */
export const dataFolder = fromRoot(".data");

/** The runtime that package.json pins, put there by npm. */
export const pinnedNode = fromRoot("node_modules/node/bin/node");

/** A problem that the person at the terminal can fix; shown as one line, without a stack. */
export class LaunchProblem extends Error {
  name = "LaunchProblem";
}

/** Shows why a command stops: one line for a problem that the person can fix, the whole error otherwise. */
export function report(error) {
  console.error(error instanceof LaunchProblem ? `\n  ✗ ${error.message}\n` : error);
}
