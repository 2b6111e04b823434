import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { describe, it, vi } from "vitest";
import { programsProblem } from "../../scripts/launch/debian-programs.mjs";
import { freePort } from "../../scripts/launch/ports.mjs";

export type PgBouncer = {
  url: string;
  /** The login with which it opens at most so many connections to the server. */
  user: string;
  connections: number;
  stop: () => Promise<void>;
};

const problem = () =>
  programsProblem({
    name: "PgBouncer",
    programs: ["pgbouncer", "setpriv"],
    packages: ["pgbouncer"],
    message: "  Installing PgBouncer from Debian's packages (once; a few seconds) ...",
  });

/** A PgBouncer in transaction mode in front of a database, with fewer connections than its clients have. */
async function startPgBouncer(databaseUrl: string): Promise<PgBouncer> {
  const { hostname, port, pathname, username, password } = new URL(databaseUrl);
  const [folder, pooled] = [await mkdtemp(path.join(tmpdir(), "custodia-pgbouncer-")), await freePort()];
  const settings = path.join(folder, "pgbouncer.ini");
  const connections = 3;
  const login = `user=${username} password=${decodeURIComponent(password)}`;
  await writeFile(
    settings,
    `[databases]
pooled = host=${hostname} port=${port} dbname=${pathname.slice(1)} ${login}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${pooled}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${connections}
ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout
`,
  );
  // PgBouncer does not run as root.
  await chmod(folder, 0o711);
  await chmod(settings, 0o644);
  const account = process.getuid?.() === 0 ? ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] : [];
  const child = spawn("setpriv", [...account, "--pdeathsig=KILL", "pgbouncer", "-q", settings], {
    env: { ...process.env, PATH: `${process.env.PATH}${path.delimiter}/usr/sbin` },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  const url = `postgresql://portal@127.0.0.1:${pooled}/pooled`;
  await vi.waitFor(() => answers(url), { timeout: 20_000, interval: 50 });
  return {
    url,
    user: username,
    connections,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, prepare: false, onnotice: () => undefined });
  await sql`select 1`.finally(() => sql.end({ timeout: 1 }));
}

/**
 * A suite that needs PgBouncer in front of the file's database. The portal's own pool goes through it, too, if nothing
 * has opened it before. Without the program the suite is skipped by name; with `CI=true` that is a failure.
 */
export async function describePgBouncer(name: string, define: (pooler: PgBouncer) => void): Promise<void> {
  const missing = problem();
  if (!missing) {
    const pooler = await startPgBouncer(process.env.DATABASE_URL!);
    Object.assign(process.env, { DATABASE_URL: pooler.url, DATABASE_PREPARED_STATEMENTS: "false" });
    return void describe(name, () => define(pooler));
  }
  const notTested = `${name} (not tested: ${missing})`;
  if (process.env.CI === "true") throw new Error(notTested);
  console.warn(`\n${notTested}\n`);
  describe.skip(notTested, () => it("needs PgBouncer", () => undefined));
}
