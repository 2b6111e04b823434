import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "vitest";
import { isBuildCurrent } from "../../scripts/launch/build.mjs";
import { freePort } from "../../scripts/launch/ports.mjs";
import { startPortalServer } from "../../scripts/launch/portal-server.mjs";

export type BuiltPortal = {
  origin: string;
  pid: number;
  /** What the portal wrote so far. */
  log: () => Promise<string>;
  end: () => Promise<void>;
};

/**
 * A suite against the portal as it is built and served, for what Next.js itself answers. Without a current build
 * (`npm test -- build`) it is skipped by name; with `CI=true` that is a failure.
 */
export function describeBuilt(name: string, define: () => void): void {
  if (isBuildCurrent()) return void describe(name, define);
  const notTested = `${name} (not tested: the build is missing or out of date, run the stage build)`;
  if (process.env.CI === "true") throw new Error(notTested);
  console.warn(`\n${notTested}\n`);
  describe.skip(notTested, () => it("needs a build", () => undefined));
}

/**
 * Starts the built portal with the environment of this test file, which afterwards has its address. Call it before
 * anything reads the environment.
 */
export async function startBuiltPortal(changes: Record<string, string> = {}): Promise<BuiltPortal> {
  const [port, folder] = [await freePort(), await mkdtemp(path.join(tmpdir(), "custodia-built-"))];
  const [origin, log] = [`http://127.0.0.1:${port}`, path.join(folder, "portal.log")];
  process.env.NEXTAUTH_URL = changes.NEXTAUTH_URL ?? origin;
  const { MIGRATION_DATABASE_URL: _, ...given } = process.env;
  const env = { ...given, LOG_LEVEL: "info", NEXT_TELEMETRY_DISABLED: "1", ...changes };
  const server = await startPortalServer({
    mode: "production",
    host: "127.0.0.1",
    port,
    env,
    log,
    signal: new AbortController().signal,
  });
  const end = async () => {
    await server.end();
    await rm(folder, { recursive: true, force: true });
  };
  return { origin, pid: server.pid, log: () => readFile(log, "utf8"), end };
}

export type Answered = { status: number; headers: IncomingHttpHeaders; text: string };
export type Asked = { method?: string; headers?: Record<string, string>; body?: string | Buffer };

/** Sends a request as it is written: `fetch` corrects paths and refuses methods and headers. */
export function sendRaw(origin: string, target: string, { method = "GET", headers = {}, body }: Asked = {}) {
  const { hostname, port } = new URL(origin);
  return new Promise<Answered>((resolve, reject) => {
    const sent = request({ hostname, port, path: target, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
