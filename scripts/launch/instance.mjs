import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dataFolder, LaunchProblem } from "./project.mjs";
import { endProcess, startMark } from "./process-control.mjs";

/**
 * The processes that use the data folder: the launcher and its children. Serves as lock and as record of a killed
 * start.
 */
const file = path.join(dataFolder, "running.json");

function read(from = file) {
  try {
    return JSON.parse(readFileSync(from, "utf8"));
  } catch {
    return undefined;
  }
}

const isSame = (noted) => Boolean(noted?.mark) && startMark(noted.pid) === noted.mark;

/** The running start on this folder, if there is one. */
export function runningInstance() {
  const noted = read();
  return isSame(noted) ? noted : undefined;
}

/** Refuses, in one line, to start a second time on the same folder. */
export function requireNoInstance() {
  const other = runningInstance();
  if (other)
    throw new LaunchProblem(
      `Custodia is already running in this folder at ${other.url} (process ${other.pid}): end that one first.`,
    );
}

/** Stops what a killed start left running. The database recovers by itself at its next start. */
export async function endOrphans() {
  const noted = read();
  if (!noted || isSame(noted)) return;
  for (const child of noted.children)
    if (isSame(child)) await endProcess(child.pid, [["SIGTERM", 5_000]], { group: true });
}

function save(noted, { exclusive }) {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(noted), { mode: 0o600 });
  try {
    if (exclusive) linkSync(fresh, file);
    else renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** Removes the record of a dead start; puts back a live one that was just written. */
function removeStale() {
  if (!existsSync(file)) return;
  const aside = `${file}.stale.${process.pid}`;
  renameSync(file, aside);
  const taken = read(aside);
  if (isSame(taken)) linkSync(aside, file);
  rmSync(aside, { force: true });
  requireNoInstance();
}

/**
 * Takes the data folder for this process. `remember(pid)` notes a process that a killed start would leave behind.
 * @throws LaunchProblem when another start holds it.
 */
export async function takeInstance(url) {
  requireNoInstance();
  await endOrphans();
  removeStale();
  const noted = { pid: process.pid, mark: startMark(process.pid), url, children: [] };
  try {
    save(noted, { exclusive: true });
  } catch {
    requireNoInstance();
    throw new LaunchProblem("Another start took this folder at the same moment.");
  }
  return {
    remember(pid) {
      noted.children.push({ pid, mark: startMark(pid) });
      save(noted, { exclusive: false });
    },
    release: () => rmSync(file, { force: true }),
  };
}
