import { setTimeout as sleep } from "node:timers/promises";
import { LaunchProblem } from "./project.mjs";
import { next, nextStart, startProgram } from "./programs.mjs";

async function responds(url, signal) {
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
    });
    await response.arrayBuffer();
    return response.status < 500;
  } catch {
    return false;
  }
}

/**
 * Starts the portal's server and waits until it responds. `mode` is "production" (a build must exist) or "development".
 * Returns `{ pid, exited, end() }`.
 */
export async function startPortalServer({ mode, host, port, env, log, signal, onStart }) {
  const address = ["--port", String(port), "--hostname", host];
  const server = startProgram(mode === "development" ? next("dev", ...address) : nextStart(...address), {
    env: { ...env, NODE_ENV: mode },
    log,
    onStart,
  });
  // The address that the server listens on. Its public address may be that of a proxy.
  const signInPage = `http://${host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host}:${port}/sign-in`;
  await waitForServer(server, signInPage, { log, signal });
  return server;
}

/**
 * Waits until a page of a server responds.
 * @throws LaunchProblem if the server ends before, or after two minutes; it is ended then.
 */
export async function waitForServer(server, page, { log, signal }) {
  let ended = false;
  void server.exited.then(() => (ended = true));
  const deadline = Date.now() + 120_000;
  while (!(await responds(page, signal))) {
    if (signal.aborted || ended || Date.now() > deadline) {
      await server.end();
      signal.throwIfAborted();
      throw new LaunchProblem(`The server did not start${log ? `; see ${log}` : ""}.`);
    }
    await sleep(150);
  }
}
