// The process of a PostgreSQL server.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { freePort } from "./ports.mjs";
import { FAST_THEN_IMMEDIATE } from "./postgres-folder.mjs";
import { endProcess } from "./process-control.mjs";

function serverSettings(port, durable) {
  const temporary = {
    ...{ fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_wal_size: "1GB" },
    // With a database for each test file, its workers would take a tenth of a core.
    autovacuum: "off",
  };
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 200,
    ...(durable ? {} : temporary),
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Starts the server in its own process group, so that Ctrl-C does not reach it: `stop()` ends it. */
function spawnServer(programs, account, dataDir, port, durable) {
  const { program, args, options } = account.wrap(programs.postgres, ["-D", dataDir, ...serverSettings(port, durable)]);
  const log = openSync(`${dataDir}.log`, "w", 0o600);
  const child = spawn(program, args, {
    ...options,
    cwd: path.dirname(dataDir),
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.on("error", () => {});
  return child;
}

async function waitUntilReady(child, url, dataDir) {
  const deadline = Date.now() + 60_000;
  while (child.exitCode === null && child.signalCode === null && child.pid && Date.now() < deadline) {
    const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
    try {
      await sql`select 1`;
      return;
    } catch {
      await sleep(50);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
  throw new Error(
    `PostgreSQL did not start: ${readFileSync(`${dataDir}.log`, "utf8").trim().split("\n").slice(-2).join(" ")}`,
  );
}

/** Starts the server and waits until it answers. Returns its process, its port, and the promise of its end. */
export async function startServer(programs, account, dataDir, { port, durable, ownerUrl }) {
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await freePort());
    const child = spawnServer(programs, account, dataDir, chosen, durable);
    try {
      await waitUntilReady(child, ownerUrl(chosen, "postgres"), dataDir);
      const exited = new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode ?? child.signalCode);
        child.once("exit", (code, signal) => resolve(code ?? signal));
      });
      return { child, port: chosen, exited };
    } catch (error) {
      // Another process may have taken the port, or workers of a killed server may still use the folder.
      if (child.pid) await endProcess(child.pid, FAST_THEN_IMMEDIATE);
      if (attempt === 4) throw error;
      await sleep(attempt * 500);
    }
  }
}
