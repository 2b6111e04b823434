import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** True if a process with this id runs, under any account. */
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

/** Returns the fields of /proc/<pid>/stat after the command's name, which may have spaces. Linux only. */
function readStat(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

/** Returns the start time of a process, which differs for a later one with the same id; undefined if it has ended. */
export function startMark(pid) {
  if (!isAlive(pid)) return undefined;
  if (process.platform === "linux") return readStat(pid)?.[19];
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Waits until the process has ended. False if it still runs after `milliseconds`. */
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
 * Ends a process: sends the signals of `steps`, a list of [signal, milliseconds to wait], then SIGKILL. With `group`
 * the signals go to its whole process group.
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
