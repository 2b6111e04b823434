import { readFile } from "node:fs/promises";
import type { Connection, ConnectionOptions, RowDataPacket } from "mysql2/promise";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { cdrColumns, mostRows, type CdrRow, type CdrSource } from "@/scripts/recordings/cdr/cdr";

/** `ca`: a file with the certificate of the authority that signed the server's. */
export type DatabaseCdrOptions = { password: string | undefined; ca?: string };

const secondsForAQuery = 10;
const hoursAround = 48;

/**
 * Opens the table of call detail records of FreePBX or Asterisk: `mysql://user@host:3306/asteriskcdrdb?table=cdr`, or
 * with `?socket=/run/mysqld/mysqld.sock`. It only reads: its transactions are read-only, its questions bounded in
 * time, rows and days. Another machine's server must show a certificate that is valid for its name.
 * @throws CannotStart with what to change.
 */
export async function databaseCdr(address: string, { password, ca }: DatabaseCdrOptions): Promise<CdrSource> {
  const url = new URL(address);
  if (url.password)
    throw new CannotStart("--cdr: other users see a password in the address; set CDR_PASSWORD or CDR_PASSWORD_FILE.");
  const table = url.searchParams.get("table") ?? "cdr";
  if (!/^[A-Za-z0-9_]{1,64}$/.test(table))
    throw new CannotStart("--cdr: the name of the table has letters, digits, _.");
  const settings = { ...settingsOf(url), ...(await tlsOf(url, ca)), password };
  const connect = () => openConnection(settings);
  let connection = await connect().catch((error: unknown) => Promise.reject(cannotRead(error)));
  const columns = await columnsOf(connection, table).catch((error: unknown) => Promise.reject(cannotRead(error)));
  if (!columns.includes("uniqueid") && !columns.includes("recordingfile"))
    throw new CannotStart(`--cdr: the table ${table} has no call detail records.`);
  return {
    find: async (question) => {
      const days = dayRange(question.startedAt);
      const ask = () => findRows(connection, table, columns, { ...question, days });
      return ask().catch(async (error: unknown) => {
        if (!(error as { fatal?: boolean }).fatal) throw error;
        // The server closed the connection while it was idle.
        connection.destroy();
        connection = await connect();
        return ask();
      });
    },
    close: () => connection.end(),
  };
}

function settingsOf(url: URL): ConnectionOptions {
  const socketPath = url.searchParams.get("socket");
  return {
    ...(socketPath ? { socketPath } : { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 3306) }),
    user: decodeURIComponent(url.username),
    database: decodeURIComponent(url.pathname.slice(1)),
    connectTimeout: secondsForAQuery * 1000,
    // Times as the table has them, without a zone.
    dateStrings: true,
    charset: "utf8mb4",
  };
}

const isLocal = (url: URL) =>
  url.searchParams.has("socket") || ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);

async function tlsOf(url: URL, ca?: string): Promise<ConnectionOptions> {
  if (isLocal(url) && ca === undefined) return {};
  const authority = ca && (await readFile(ca, "utf8").catch(() => Promise.reject(new CannotStart(`No file ${ca}.`))));
  return { ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(authority ? { ca: authority } : {}) } };
}

async function openConnection(settings: ConnectionOptions): Promise<Connection> {
  // Loaded only here: its 180 files would be read at the start of every command.
  const { createConnection } = await import("mysql2/promise");
  const connection = await createConnection(settings);
  // An error of an idle connection comes with the next question, too.
  connection.on("error", () => undefined);
  await connection.query("set session transaction read only");
  // MariaDB and MySQL have different settings for it.
  await connection
    .query(`set session max_statement_time = ${secondsForAQuery}`)
    .catch(() => connection.query(`set session max_execution_time = ${secondsForAQuery * 1000}`));
  return connection;
}

function cannotRead(error: unknown): CannotStart {
  const { code = "failed", message } = error as { code?: string; message: string };
  const advice: Record<string, string> = {
    ER_ACCESS_DENIED_ERROR: "user or password is wrong: set CDR_PASSWORD or CDR_PASSWORD_FILE",
    HANDSHAKE_NO_SSL_SUPPORT: "the server has no TLS; connect through an SSH tunnel to 127.0.0.1",
    HANDSHAKE_SSL_ERROR: `the server's certificate is not accepted (${message}); give its authority with --cdr-ca`,
  };
  return new CannotStart(`--cdr: the database cannot be read (${code}${advice[code] ? `: ${advice[code]}` : ""}).`);
}

async function columnsOf(connection: Connection, table: string): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>({ sql: "show columns from ??", values: [table] });
  const names = rows.map((row) => (row.Field as string).toLowerCase());
  return [...cdrColumns.filter((column) => names.includes(column)), ...(names.includes("start") ? ["start"] : [])];
}

type Search = { name: string; channel: string | null; days: [string, string] };

/** Two questions: the records of the recording, then the others of their calls. Both use an index or few days. */
async function findRows(connection: Connection, table: string, columns: string[], search: Search): Promise<CdrRow[]> {
  const time = columns.includes("calldate") ? "calldate" : columns.includes("start") ? "start" : null;
  const select = async (conditions: [string, unknown[]][]) => {
    const where = conditions.map(([condition]) => `(${condition})`).join(" or ");
    const [rows] = await connection.query<RowDataPacket[]>({
      sql: `select ?? from ?? where (${where})${time ? " and ?? between ? and ?" : ""} limit ${mostRows}`,
      values: [columns, table, ...conditions.flatMap(([, values]) => values), ...(time ? [time, ...search.days] : [])],
      timeout: secondsForAQuery * 1000 + 5000,
    });
    return rows.map(rowOf);
  };
  const own: [string, unknown[]][] = [];
  if (columns.includes("recordingfile")) {
    const name = search.name.replace(/[\\%_]/g, String.raw`\$&`);
    own.push(["recordingfile like ?", [`${name}.%`]]);
  }
  if (columns.includes("uniqueid") && search.channel) own.push(["uniqueid = ?", [search.channel]]);
  if (own.length === 0) return [];
  const found = await select(own);
  const calls = new Set(found.map((row) => row.linkedid).filter((call) => call));
  return calls.size === 0 ? found : select([["linkedid in (?)", [[...calls]]], ...own]);
}

const rowOf = ({ start, ...row }: Record<string, unknown>): CdrRow =>
  Object.fromEntries(
    Object.entries({ ...row, calldate: row.calldate ?? start }).flatMap(([name, value]) =>
      value === null || value === undefined || value === "" ? [] : [[name.toLowerCase(), String(value)]],
    ),
  );

/** The days around a start. The table's times are local ones of an unknown zone. */
function dayRange(startedAt: Date): [string, string] {
  const at = (hours: number) =>
    new Date(startedAt.getTime() + hours * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
  return [at(-hoursAround), at(hoursAround)];
}
