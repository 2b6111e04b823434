import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { endProcess } from "./process-control.mjs";
import { fromRoot, LaunchProblem, projectRoot } from "./project.mjs";

const lastLines = (file, count) => readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n");

/**
 * Starts a Node.js program in its own process group, so that Ctrl-C does not reach it directly. Its folder is the
 * project's unless `cwd` names another.
 */
export function startProgram(args, { cwd = projectRoot, env, log, onStart }) {
  const output = log ? openSync(log, "a", 0o600) : "inherit";
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", output, output],
  });
  if (log) closeSync(output);
  onStart?.(child.pid);
  const exited = new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? signal));
    child.once("error", (error) => resolve(error.message));
  });
  const end = () => endProcess(child.pid, [["SIGTERM", 8_000]], { group: true });
  return { pid: child.pid, exited, end };
}

/**
 * Runs a Node.js program to its end.
 * @throws LaunchProblem if it fails, with its name and the end of its log.
 */
export async function runStep(name, args, { cwd, env, log, signal, onStart }) {
  signal?.throwIfAborted();
  const program = startProgram(args, { cwd, env, log, onStart });
  let onAbort;
  const aborted = new Promise((resolve) => {
    onAbort = () => resolve("aborted");
    signal?.addEventListener("abort", onAbort);
  });
  const outcome = await Promise.race([program.exited, aborted]);
  signal?.removeEventListener("abort", onAbort);
  if (outcome === "aborted") await program.end();
  signal?.throwIfAborted();
  if (outcome !== 0)
    throw new LaunchProblem(`${name} failed (${outcome}).${log ? ` The end of ${log}:\n${lastLines(log, 30)}` : ""}`);
}

export const projectScript = (script, ...args) => [
  "--import",
  fromRoot("scripts/launch/load-typescript.mjs"),
  script,
  ...args,
];
/**
 * As `npm start` does. With V8's default for the young generation the portal takes more processor time for an import:
 * 3.5 to 4.7 ms for a call of one minute, against 3.0 to 4.2 (`npm run bench -- storage`).
 */
export const nextStart = (...args) => ["--max-semi-space-size=64", ...next("start", ...args)];
export const next = (...args) => ["node_modules/next/dist/bin/next", ...args];
