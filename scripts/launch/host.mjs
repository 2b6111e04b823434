import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isPortFree } from "./ports.mjs";
import { dataFolder, LaunchProblem, projectRoot } from "./project.mjs";

const OLDEST_NODE = [20, 9];

export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new LaunchProblem(
    `Node.js ${OLDEST_NODE.join(".")} or newer is needed to install; this is ${process.versions.node}.`,
  );
}

function requireWritable(folder) {
  const probe = path.join(folder, `.write-test-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    const reason = ["EEXIST", "ENOTDIR"].includes(error.code) ? "it is not a folder" : error.code;
    throw new LaunchProblem(`The folder ${folder} cannot be written to (${reason}).`);
  }
}

export const requireWritableProject = () => requireWritable(projectRoot);

/** Creates `.data`. Other accounts can enter it, which PostgreSQL's account needs, but cannot list it. */
export function requireDataFolder() {
  requireWritable(dataFolder);
  chmodSync(dataFolder, 0o711);
}

/** Returns the port from `PORT`; 3000 by default. */
export function chosenPort() {
  const port = Number(process.env.PORT || 3000);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new LaunchProblem(`PORT must be a number from 1 to 65535, not "${process.env.PORT}".`);
}

export async function requirePort(port) {
  if (await isPortFree(port)) return;
  throw new LaunchProblem(
    `Port ${port} is in use by another program: end it, or choose another port with PORT=${port + 1}.`,
  );
}
