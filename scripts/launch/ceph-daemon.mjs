import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { endProcess, startMark } from "./process-control.mjs";

const pidFile = (folder, name) => path.join(folder, `${name}.pid`);

/**
 * Starts one of Ceph's servers in its own process group. It is killed when this process dies. If it survives
 * nevertheless, the next start ends it: `<name>.pid` has its process id and start mark.
 */
export function startDaemon({ folder, name, program, args }) {
  const output = openSync(path.join(folder, `${name}.out`), "a", 0o600);
  const command = ["--pdeathsig=KILL", program, "-c", path.join(folder, "ceph.conf"), "-f", ...args];
  const child = spawn("setpriv", command, { detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  child.on("error", () => {});
  writeFileSync(pidFile(folder, name), JSON.stringify({ pid: child.pid, mark: startMark(child.pid) }), { mode: 0o600 });
  const end = async (steps = []) => {
    await endProcess(child.pid, steps, { group: true });
    rmSync(pidFile(folder, name), { force: true });
  };
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return { pid: child.pid, isRunning, end };
}

/** Ends the servers that an earlier, killed start left running on this folder. */
export async function endLeftDaemons(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".pid"))) {
    const { pid, mark } = JSON.parse(readFileSync(path.join(folder, name), "utf8"));
    if (mark && startMark(pid) === mark) await endProcess(pid, [], { group: true });
    rmSync(path.join(folder, name), { force: true });
  }
}
