import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { endProcess, startMark } from "./process-control.mjs";

const noteOf = (folder, name) => path.join(folder, `${name}.pid`);

/**
 * Starts one of Ceph's servers in the foreground, in a process group of its own. It is killed when this process
 * dies, and its note (`<name>.pid`: process id and start mark) lets a later start end what stayed nevertheless.
 */
export function startDaemon({ folder, name, program, args }) {
  const output = openSync(path.join(folder, `${name}.out`), "a", 0o600);
  const command = ["--pdeathsig=KILL", program, "-c", path.join(folder, "ceph.conf"), "-f", ...args];
  const child = spawn("setpriv", command, { detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  child.on("error", () => {});
  writeFileSync(noteOf(folder, name), JSON.stringify({ pid: child.pid, mark: startMark(child.pid) }), { mode: 0o600 });
  const end = async (steps = []) => {
    await endProcess(child.pid, steps, { group: true });
    rmSync(noteOf(folder, name), { force: true });
  };
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return { pid: child.pid, isRunning, end };
}

/** Ends the servers that a killed start left on this folder. */
export async function endLeftDaemons(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".pid"))) {
    const { pid, mark } = JSON.parse(readFileSync(path.join(folder, name), "utf8"));
    if (mark && startMark(pid) === mark) await endProcess(pid, [], { group: true });
    rmSync(path.join(folder, name), { force: true });
  }
}
