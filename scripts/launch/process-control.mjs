import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Says whether a process with this id exists, whoever owns it. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
  return !isZombie(pid);
}

function isZombie(pid) {
  return readStat(pid)?.[0] === "Z";
}

/**
 * The fields of Linux's /proc/<pid>/stat after the command's name, which may itself hold blanks; undefined
 * elsewhere.
 */
function readStat(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** A mark that tells a process from a later one with the same id: when it was started. Undefined if it is gone. */
export function startMark(pid) {
  if (!isAlive(pid)) return undefined;
  if (process.platform === "linux") return readStat(pid)?.[19];
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Waits until the process is gone. Returns whether it is, within `milliseconds`. */
export async function waitForExit(pid, milliseconds) {
  const deadline = Date.now() + milliseconds;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(30);
  }
  return true;
}

function send(target, signal) {
  try {
    process.kill(target, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/**
 * Stops a process with increasingly strong signals: `steps` is a list of [signal, milliseconds to wait]; SIGKILL
 * follows the last. With `group` the signals go to its whole process group, so that no grandchild remains.
 */
export async function endProcess(pid, steps, { group = false } = {}) {
  const target = group ? -pid : pid;
  for (const [signal, milliseconds] of steps) {
    send(target, signal);
    if (await waitForExit(pid, milliseconds)) return group && send(target, "SIGKILL");
  }
  send(target, "SIGKILL");
  await waitForExit(pid, 5_000);
}
