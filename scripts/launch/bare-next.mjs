import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "./ports.mjs";
import { next, nextStart, runStep, startProgram } from "./programs.mjs";
import { fromRoot } from "./project.mjs";
import { waitForServer } from "./portal-server.mjs";

/**
 * Builds and starts an application of Next.js with one route and none of the portal's code, in a folder of its own: in
 * the project's, Next.js would take the portal's `proxy.ts` and `instrumentation.ts`. Its route answers the bytes of
 * `body`. Returns the route's address.
 */
export async function startBareNext(folder, { body, signal, onEnd }) {
  const own = path.join(folder, "bare-next");
  cpSync(fromRoot("scripts/bench/bare-next"), own, { recursive: true });
  symlinkSync(fromRoot("node_modules"), path.join(own, "node_modules"));
  const file = path.join(folder, "trivial-body.json");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, body);
  const [log, port] = [path.join(folder, "bare-next.log"), await freePort()];
  const env = { PATH: process.env.PATH, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", TRIVIAL_BODY_FILE: file };
  // Turbopack refuses packages that a link brings.
  await runStep("The build without the portal", next("build", "--webpack"), { cwd: own, env, log, signal });
  const address = ["--port", String(port), "--hostname", "127.0.0.1"];
  const server = startProgram(nextStart(...address), { cwd: own, env, log });
  onEnd(server.end);
  const url = `http://127.0.0.1:${port}/api/trivial`;
  await waitForServer(server, url, { log, signal });
  return url;
}
