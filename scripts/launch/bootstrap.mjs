import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { requireNode, requireWritableProject } from "./host.mjs";
import { ensureInstalled } from "./install.mjs";
import { fromRoot, projectRoot, report } from "./project.mjs";

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15, SIGKILL: 9 };

function parentOfShell(pid) {
  try {
    const [, name, , parent] = /^\d+ \((.*)\) (\S) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"));
    return /^(sh|dash|bash)$/.test(name) ? parent : undefined;
  } catch {
    return undefined;
  }
}

/** Calls back when npm has exited: npm runs scripts in a shell, and neither forwards every signal. */
function whenParentEnds(callback) {
  const parent = process.ppid;
  const shellParent = process.env.npm_lifecycle_event ? parentOfShell(parent) : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (shellParent === undefined || parentOfShell(parent) === shellParent)) return;
    clearInterval(timer);
    callback();
  }, 500);
  timer.unref();
}

/** Runs the script under the pinned Node.js. Forwards signals to it; it ends when this process does. */
function runUnder(node, script, args, variables) {
  const PATH = [fromRoot("node_modules/.bin"), process.env.PATH].join(path.delimiter);
  const child = spawn(node, [fromRoot(script), ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...variables, PATH },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  whenParentEnds(() => child.kill("SIGHUP"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + (SIGNALS[signal] ?? 0)));
  });
}

/**
 * Runs `script` from a bare clone: checks the host, installs the packages, continues under the pinned Node.js.
 * Imports only modules of Node.js. `before` checks more before the installation; `afterwards` cleans up.
 */
export async function bootstrap(script, args, { before, afterwards } = {}) {
  // Writing to a closed terminal must not crash the shutdown.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  try {
    requireNode();
    requireWritableProject();
    await before?.();
    const start = Date.now();
    const node = ensureInstalled();
    const seconds = (Date.now() - start) / 1000;
    process.exitCode = await runUnder(node, script, args, { CUSTODIA_INSTALL_SECONDS: String(seconds) });
    await afterwards?.();
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}
