import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, describe, expect, it } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { freePort } from "../../../../scripts/launch/ports.mjs";
import { postgresAccount } from "../../../../scripts/launch/postgres-account.mjs";
import { eraseRestoreReplay } from "./restore-scenario";
import { loadTypescript } from "../../../support/load-typescript";
import { waitUntil } from "../../../support/wait-until";

// pg_dump refuses a server newer than itself, and the npm package has none: a server of the host's own version is
// needed.
const programs = "/usr/lib/postgresql";
const newest = existsSync(programs)
  ? readdirSync(programs)
      .filter((version) => Number(version) >= 15 && existsSync(path.join(programs, version, "bin/pg_dump")))
      .toSorted()
      .at(-1)
  : undefined;
const bin = newest ? path.join(programs, newest, "bin") : null;
const run = promisify(execFile);

describe.skipIf(!bin)(
  `pg_dump ${newest ?? "(this host has no PostgreSQL 15 or newer: restore.test.ts alone covers the restore)"}`,
  () => {
    let stop: () => Promise<void> = async () => undefined;
    afterAll(() => stop());

    it("after pg_restore of a dump, erased recordings are refused until the ledger is replayed", async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "custodia-pg-dump-"));
      await chmod(folder, 0o777);
      const data = path.join(folder, "data");
      const account = postgresAccount(data, bin!);
      const port = await freePort();
      const initdb = account.wrap(path.join(bin!, "initdb"), [
        "-D",
        data,
        "-U",
        "owner",
        "--auth=trust",
        "-E",
        "UTF8",
        "--locale=C",
      ]);
      await run(initdb.program, initdb.args, initdb.options);
      const serve = account.wrap(path.join(bin!, "postgres"), [
        "-D",
        data,
        "-p",
        String(port),
        "-c",
        "fsync=off",
        "-c",
        "unix_socket_directories=",
        "-c",
        "listen_addresses=127.0.0.1",
      ]);
      const server = spawn(serve.program, serve.args, { ...serve.options, stdio: "ignore" });
      const url = (user: string, name: string) => `postgresql://${user}@127.0.0.1:${port}/${name}`;
      const asOwner = async (...statements: string[]) => {
        const client = postgres(url("owner", "postgres"), { max: 1, onnotice: () => undefined });
        try {
          for (const statement of statements) await client.unsafe(statement);
        } finally {
          await client.end();
        }
      };
      stop = async () => {
        await closeDatabase();
        const ended = new Promise((resolve) => server.once("exit", resolve));
        server.kill("SIGINT");
        await ended;
        await rm(folder, { recursive: true, force: true });
      };
      const answers = () =>
        asOwner("select 1").then(
          () => true,
          () => false,
        );
      await waitUntil("the server answers", answers, { intervalMs: 100 });
      await asOwner(
        "create role custodia_app nologin",
        "create role portal login in role custodia_app",
        "create database custodia",
      );
      Object.assign(process.env, {
        DATABASE_URL: url("portal", "custodia"),
        MIGRATION_DATABASE_URL: url("owner", "custodia"),
      });
      await run(process.execPath, ["--import", loadTypescript, "scripts/migrate.ts"], { env: process.env });

      const dump = path.join(folder, "custodia.dump");
      await eraseRestoreReplay({
        take: async () => void (await run(path.join(bin!, "pg_dump"), ["-Fc", "-f", dump, url("owner", "custodia")])),
        restore: async (during) => {
          await asOwner("drop database custodia with (force)");
          await during();
          await asOwner("create database custodia");
          await during();
          for (const section of ["pre-data", "data", "post-data"]) {
            const target = [`--section=${section}`, "--exit-on-error", "-d", url("owner", "custodia"), dump];
            await run(path.join(bin!, "pg_restore"), target);
            if (section === "pre-data") await during();
          }
        },
      });
      expect(existsSync(dump)).toBe(true);
    });
  },
);
