import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { dataFolder, LaunchProblem } from "./project.mjs";
import { endProcess, startMark } from "./process-control.mjs";

/** Lists the processes that use the data folder: the launcher and its children. The file is also the lock. */
const file = path.join(dataFolder, "running.json");

function read(from = file) {
  try {
    return JSON.parse(readFileSync(from, "utf8"));
  } catch {
    return undefined;
  }
}

const isRunning = (recorded) => Boolean(recorded?.mark) && startMark(recorded.pid) === recorded.mark;

/** Returns the portal that runs in this folder, or undefined. */
export function runningInstance() {
  const recorded = read();
  return isRunning(recorded) ? recorded : undefined;
}

/** @throws LaunchProblem if a portal already runs in this folder. */
export function requireNoInstance() {
  const other = runningInstance();
  if (other)
    throw new LaunchProblem(
      `Custodia is already running in this folder at ${other.url} (process ${other.pid}): end that one first.`,
    );
}

/** Ends the processes that a killed launcher left running. The database recovers at its next start. */
export async function endOrphans() {
  const recorded = read();
  if (!recorded || isRunning(recorded)) return;
  for (const child of recorded.children)
    if (isRunning(child)) await endProcess(child.pid, [["SIGTERM", 5_000]], { group: true });
}

function save(recorded, { exclusive }) {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, JSON.stringify(recorded), { mode: 0o600 });
  try {
    if (exclusive) linkSync(fresh, file);
    else renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** Removes the file of a launcher that has ended; puts it back if another one has just written it. */
function removeStale() {
  if (!existsSync(file)) return;
  const aside = `${file}.stale.${process.pid}`;
  renameSync(file, aside);
  const other = read(aside);
  if (isRunning(other)) linkSync(aside, file);
  rmSync(aside, { force: true });
  requireNoInstance();
}

/**
 * Locks the data folder for this process. `remember(pid)` records a child, which the next start ends if needed.
 * @throws LaunchProblem if another process has the lock.
 */
export async function lockInstance(url) {
  requireNoInstance();
  await endOrphans();
  removeStale();
  const recorded = { pid: process.pid, mark: startMark(process.pid), url, children: [] };
  try {
    save(recorded, { exclusive: true });
  } catch {
    requireNoInstance();
    throw new LaunchProblem("Another start locked this folder at the same moment.");
  }
  return {
    remember(pid) {
      recorded.children.push({ pid, mark: startMark(pid) });
      save(recorded, { exclusive: false });
    },
    release: () => rmSync(file, { force: true }),
  };
}
