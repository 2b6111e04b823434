// PostgreSQL's data folder: its creation, and a server that was left running on it.
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { endProcess, isAlive } from "./process-control.mjs";

/** The superuser of every cluster. */
export const OWNER = "custodia_owner";

/** The signals of a fast and then an immediate shutdown, with the milliseconds that each may take. */
export const FAST_THEN_IMMEDIATE = [
  ["SIGINT", 10_000],
  ["SIGQUIT", 5_000],
];

function run({ program, args, options }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${path.basename(program)} failed: ${output.trim().slice(-1_000)}`)),
    );
  });
}

/** Creates the data folder under another name, then renames it: after a crash, no incomplete folder has its name. */
export async function initialise(programs, account, dataDir, password) {
  const fresh = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  account.own(fresh);
  account.own(passwordFile);
  // The built-in locale, not the host's: sorting and lower() are the same on every host.
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = [`--username=${OWNER}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  try {
    await run(
      account.wrap(programs.initdb, [
        `--pgdata=${fresh}`,
        ...locale,
        ...access,
        "--set=timezone=UTC",
        "--set=log_timezone=UTC",
      ]),
    );
    renameSync(fresh, dataDir);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Stops a server that a killed process left running on this folder; deletes the pid file of one that has ended. */
export async function stopOrphan(dataDir) {
  const pidFile = path.join(dataDir, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8").split("\n")[0]);
  if (!pid || !isAlive(pid)) return;
  if (servesFolder(pid, dataDir)) await endProcess(pid, FAST_THEN_IMMEDIATE);
  else rmSync(pidFile, { force: true });
}

function servesFolder(pid, dataDir) {
  if (process.platform !== "linux") return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
  } catch {
    return false;
  }
}
