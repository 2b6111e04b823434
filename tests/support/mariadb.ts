import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createConnection, type Connection } from "mysql2/promise";
import { describe, it, vi } from "vitest";
import { programsProblem } from "../../scripts/launch/debian-programs.mjs";
import { freePort } from "../../scripts/launch/ports.mjs";

export type MariaDb = {
  port: number;
  /** The certificate of the server for "localhost", which signs itself. */
  certificate: string;
  /** A connection that may do everything. */
  root: Connection;
  stop: () => Promise<void>;
};

const problem = () =>
  programsProblem({
    name: "MariaDB",
    programs: ["mariadbd", "setpriv", "openssl"],
    packages: ["mariadb-server-core", "openssl"],
    message: "  Installing MariaDB from Debian's packages (once; some seconds) ...",
  });

const rootPassword = "only-for-tests";

/** Starts a server with TLS in a temporary folder. It takes three seconds. */
export async function startMariaDb(): Promise<MariaDb> {
  const [folder, port] = [await mkdtemp(path.join(tmpdir(), "custodia-mariadb-")), await freePort()];
  const file = (name: string) => path.join(folder, name);
  await mkdir(file("data"));
  makeCertificate(file("key.pem"), file("certificate.pem"));
  // MariaDB does not run as root.
  const isRoot = process.getuid?.() === 0;
  for (const name of ["", "data", "key.pem"]) await chmod(file(name), isRoot ? 0o777 : 0o700);
  const account = isRoot ? ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] : [];
  const server = (args: string[], stdin: "ignore" | "pipe") =>
    spawn(
      "setpriv",
      // The folder for temporary files of the tests belongs to their user alone.
      [
        ...account,
        "--pdeathsig=KILL",
        "mariadbd",
        "--no-defaults",
        `--tmpdir=${file("data")}`,
        `--datadir=${file("data")}`,
        ...args,
      ],
      {
        env: { ...process.env, PATH: `${process.env.PATH}${path.delimiter}/usr/sbin` },
        stdio: [stdin, "ignore", "ignore"],
      },
    );
  const bootstrap = server(["--bootstrap"], "pipe");
  bootstrap.stdin!.end(await firstStatements());
  await once(bootstrap, "exit");
  const child = server(
    [
      ...[`--port=${port}`, "--bind-address=127.0.0.1", `--socket=${file("socket")}`],
      ...[`--ssl-cert=${file("certificate.pem")}`, `--ssl-key=${file("key.pem")}`],
    ],
    "ignore",
  );
  const ended = once(child, "exit");
  const root = await vi.waitFor(
    () => createConnection({ host: "127.0.0.1", port, user: "root", password: rootPassword }),
    { timeout: 60_000, interval: 50 },
  );
  return {
    port,
    certificate: file("certificate.pem"),
    root,
    stop: async () => {
      root.destroy();
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function firstStatements(): Promise<string> {
  const tables = await readFile("/usr/share/mysql/mysql_system_tables.sql", "utf8");
  return [
    "create database mysql;\nuse mysql;",
    tables,
    `flush privileges;\ncreate user root@localhost identified by '${rootPassword}';`,
    "grant all on *.* to root@localhost with grant option;\n",
  ].join("\n");
}

function makeCertificate(key: string, certificate: string): void {
  const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const files = ["-keyout", key, "-out", certificate];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...name, ...files], {
    stdio: "ignore",
  });
}

/** A suite that needs MariaDB. Without the program it is skipped by name; with `CI=true` that is a failure. */
export function describeMariaDb(name: string, define: () => void): void {
  const missing = problem();
  if (!missing) return void describe(name, define);
  const notTested = `${name} (not tested: ${missing})`;
  if (process.env.CI === "true") throw new Error(notTested);
  console.warn(`\n${notTested}\n`);
  describe.skip(notTested, () => it("needs MariaDB", () => undefined));
}
