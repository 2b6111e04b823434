import { appendFile, copyFile, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callNameReader } from "@/scripts/recordings/call-names/call-name-reader";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import type { CdrSource } from "@/scripts/recordings/cdr/cdr";
import { csvCdr } from "@/scripts/recordings/cdr/csv-cdr";
import { databaseCdr } from "@/scripts/recordings/cdr/database-cdr";
import { byName } from "@/scripts/recordings/describe-file";
import { audioFolder, audioNames } from "../../../support/audio-fixtures";
import { cdrRecords, freepbxColumns, freepbxCsv, masterCsv } from "../../../support/cdr-records";
import { runCommand } from "../../../support/run-command";
import { describeMariaDb, startMariaDb, type MariaDb } from "../../../support/mariadb";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "custodia-cdr-test-"))));
afterAll(() => rm(folder, { recursive: true }));

const inFolder = async (name: string, content = "") => {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
  await writeFile(path.join(folder, name), content);
  return path.join(folder, name);
};

/** Describes a file that was written two hours ago. */
async function describeFile(source: CdrSource, name: string, { waitMs = 0, ageMs = 7_200_000 } = {}) {
  const file = await inFolder(`${name}.wav`);
  const then = new Date(Date.now() - ageMs);
  await utimes(file, then, then);
  const defaults = { source: "pbx", unit: "suporte", queue: null, direction: "inbound" } as const;
  const options = { timeZone: "America/Sao_Paulo", sides: new Map(), cdr: { source, waitMs } };
  const entry = await byName(callNameReader("auto", "America/Sao_Paulo"), defaults, options)(file, 1);
  return "metadata" in entry ? { ...entry.metadata, note: entry.note } : entry;
}

const first = "q-600-11940001234-20261120-140322-1795194202.42";
const afterTransfer = "q-601-11940001234-20261120-141001-1795194202.42";
const consultation = "internal-1043-1042-20261120-140500-1795194300.50";
const call = "q-1795194202.42";

/** What every source tells of a recording, whatever columns it has. */
const common: [string, object][] = [
  [first, { sourceCallId: call, queue: "600", agent: "1042", customerNumber: "11940001234", direction: "inbound" }],
  ["1795194400.60", { direction: "outbound", agent: "1042", customerNumber: "11940009999", queue: null }],
  ["1795194400.60-in", { direction: "outbound", sourceCallId: "1795194400.60", recordingLabel: "agent" }],
  ["1795194500.70", { direction: "internal", agent: "1042" }],
  ["1795194600.80", { direction: "inbound", agent: "1042", queue: "600", customerNumber: "anonymous" }],
];

/** What only FreePBX's columns tell: which leg a recording is of, and names. */
const ofFreepbx: [string, object][] = [
  [first, { agentName: "Ana Conceição" }],
  [afterTransfer, { sourceCallId: call, queue: "601", agent: "1043", agentName: "Bia Souza" }],
  [consultation, { sourceCallId: call, direction: "internal", agent: "1042", agentName: "Ana Conceição" }],
];

async function checkAll(source: CdrSource, expected: [string, object][]): Promise<void> {
  for (const [name, facts] of expected) expect(await describeFile(source, name), name).toMatchObject(facts);
  expect(await describeFile(source, "1795194500.70")).not.toHaveProperty("customerNumber");
}

describe("records in a CSV", () => {
  test("FreePBX's export completes names, and gives the legs of a transfer one call", async () => {
    const source = await csvCdr(await inFolder("export.csv", freepbxCsv()));
    await checkAll(source, [...common, ...ofFreepbx]);
    await source.close();
  });

  test("with semicolons, in Windows-1252, with a start instead of a calldate", async () => {
    const text = freepbxCsv()
      .replaceAll('","', '";"')
      .replace(/^.*\n/, (header) => header.replaceAll(",", ";"));
    const file = await inFolder("semicolons.csv");
    await writeFile(file, Buffer.from(text.replace("calldate", "start"), "latin1"));
    const source = await csvCdr(file);
    await checkAll(source, [...common, ...ofFreepbx]);
    await source.close();
  });

  test("Asterisk's Master.csv, which has no header", async () => {
    const newer = await csvCdr(await inFolder("Master.csv", masterCsv()));
    await checkAll(newer, [...common, [consultation, { sourceCallId: "internal-1795194202.42" }]]);
    const older = await csvCdr(await inFolder("Old.csv", masterCsv(cdrRecords, { isNew: false })));
    await checkAll(older, [...common, [consultation, { sourceCallId: "internal-1795194300.50" }]]);
    await Promise.all([newer.close(), older.close()]);
  });

  test("the name's own facts stay", async () => {
    const source = await csvCdr(await inFolder("own.csv", freepbxCsv()));
    const name = "external-1099-11955554444-20261120-140322-1795194400.60";
    expect(await describeFile(source, name)).toMatchObject({
      ...{ direction: "inbound", agent: "1099", customerNumber: "11955554444" },
    });
    expect(await describeFile(source, name)).not.toHaveProperty("agentName");
    await source.close();
  });

  test("a call without a record: sent with a note; while the file is young it waits", async () => {
    const source = await csvCdr(await inFolder("growing.csv", freepbxCsv(cdrRecords.slice(0, 2))));
    const name = "1795194400.60";
    expect(await describeFile(source, name)).toMatchObject({ note: "cdr: has no record of this call" });
    const young = { waitMs: 3_600_000, ageMs: 60_000 };
    expect(await describeFile(source, name, young)).toMatchObject({ outcome: "waiting", mayPass: true });
    expect(await describeFile(source, name, { ...young, ageMs: 7_200_000 })).toMatchObject({ sourceCallId: name });
    // The record comes in two writes.
    const record = freepbxCsv(cdrRecords.slice(4, 5)).split("\n")[1]!;
    await appendFile(path.join(folder, "growing.csv"), record.slice(0, 90));
    expect(await describeFile(source, name, young)).toMatchObject({ mayPass: true });
    await appendFile(path.join(folder, "growing.csv"), `${record.slice(90)}\n`);
    expect(await describeFile(source, name, young)).toMatchObject({ agent: "1042", direction: "outbound" });
    await writeFile(path.join(folder, "growing.csv"), freepbxCsv(cdrRecords.slice(5, 6)));
    expect(await describeFile(source, "1795194500.70", young)).toMatchObject({ direction: "internal" });
    await source.close();
  });

  test("watch leaves a young file without a record where it is, and says that it waits", async () => {
    const spool = path.dirname(await inFolder("spool/1795194999.99.wav"));
    const file = path.join(spool, "1795194999.99.wav");
    await copyFile(
      path.join(
        audioFolder,
        audioNames.find((name) => name.endsWith(".wav"))!,
      ),
      file,
    );
    const then = new Date(Date.now() - 60_000);
    await utimes(file, then, then);
    const run = await runCommand(
      "scripts/recordings.ts",
      ["watch", spool, "--once", "--unit", "suporte", "--cdr", await inFolder("watched.csv", freepbxCsv())],
      { CUSTODIA_API_KEY: "none" },
    );
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining("1 waiting") });
    expect(JSON.parse(run.stdout)).toMatchObject({
      outcome: "waiting",
      problem: "cdr: has no record of this call yet",
    });
    expect(await readdir(spool)).toEqual(["1795194999.99.wav"]);
  });

  test("what is no CSV of records is refused", async () => {
    await expect(csvCdr(await inFolder("other.csv", "a,b\n1,2\n"))).rejects.toThrow(/neither the header nor/);
    await expect(csvCdr(path.join(folder, "none.csv"))).rejects.toThrow(CannotStart);
    await expect(csvCdr(path.join(folder, "none.csv"))).rejects.toThrow(/ENOENT/);
  });
});

describeMariaDb("records in MariaDB", () => {
  let server: MariaDb;
  const password = "secret of the reader";
  const address = (more = "", host = "localhost") => `mysql://reader@${host}:${server.port}/asteriskcdrdb${more}`;

  beforeAll(async () => {
    server = await startMariaDb();
    const { root } = server;
    const columns = freepbxColumns.map((name) => `${name} varchar(200) not null default ''`).join(", ");
    await root.query("create database asteriskcdrdb charset utf8mb4");
    await root.query("use asteriskcdrdb");
    await root.query(`create table cdr (${columns.replace(/^calldate .*?,/, "calldate datetime,")},
      key (uniqueid), key (recordingfile))`);
    for (const record of cdrRecords) await root.query("insert into cdr set ?", [record]);
    await root.query(
      "create table start_only (start datetime, uniqueid varchar(32), src varchar(80), dst varchar(80))",
    );
    await root.query("insert into start_only values ('2026-11-20 14:03:22', '1795194202.42', '11940001234', '600')");
    await root.query("create table others (id int)");
    await root.query("create table readings (at datetime)");
    await root.query(`create function note_reading() returns varchar(32) modifies sql data
      begin insert into readings values (now()); return '1795194202.42'; end`);
    await root.query(`create sql security invoker view writes as
      select note_reading() as uniqueid, src, dst from start_only`);
    await root.query("create user reader@localhost identified by ?", [password]);
    await root.query("grant all on asteriskcdrdb.* to reader@localhost");
  });
  afterAll(() => server.stop());

  test("complete names, and give the legs of a transfer one call", async () => {
    const source = await databaseCdr(address(), { password });
    await checkAll(source, [...common, ...ofFreepbx]);
    expect(await describeFile(source, "1795194999.99")).toMatchObject({ note: "cdr: has no record of this call" });
    await source.close();
  });

  test("are read from another table, with other columns", async () => {
    const source = await databaseCdr(address("?table=start_only"), { password });
    expect(await describeFile(source, "1795194202.42")).toMatchObject({ customerNumber: "11940001234" });
    await source.close();
  });

  test("are only read, though the account may write", async () => {
    await expect(databaseCdr(address("?table=writes"), { password })).rejects.toThrow(/READ_ONLY_TRANSACTION/);
    expect((await server.root.query("select * from readings"))[0]).toEqual([]);
    // The account itself could.
    await server.root.query("select note_reading()");
    expect((await server.root.query("select * from readings"))[0]).toHaveLength(1);
  });

  test("are asked for again when the server closed the connection", async () => {
    const source = await databaseCdr(address(), { password });
    const [rows] = await server.root.query("select id from information_schema.processlist where user = 'reader'");
    for (const { id } of rows as { id: number }[]) await server.root.query(`kill ${id}`);
    expect(await describeFile(source, first)).toMatchObject({ agent: "1042" });
    await source.close();
  });

  test("are joined by the command, with the password from the environment or a file", async () => {
    await inFolder(`joined/${afterTransfer}.wav`, "no audio");
    const secret = await inFolder("password", `${password}\n`);
    const dryRun = (env: Record<string, string | undefined>, ...more: string[]) =>
      runCommand(
        "scripts/recordings.ts",
        ["import", path.join(folder, "joined"), "--dry-run", "--unit", "suporte", "--cdr", address(), ...more],
        { CDR_PASSWORD: undefined, CDR_PASSWORD_FILE: undefined, ...env },
      );
    for (const env of [{ CDR_PASSWORD: password }, { CDR_PASSWORD_FILE: secret }]) {
      const run = await dryRun(env, "--names", "auto");
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect(run.stdout).toMatch(/11940001234 +1043 +601 +suporte +q-1795194202\.42/);
    }
    const wrong = { CDR_PASSWORD_FILE: path.join(folder, "none") };
    expect(await dryRun(wrong, "--names", "auto")).toMatchObject({ code: 2, stderr: expect.stringMatching(/none/) });
    expect(await dryRun({ CDR_PASSWORD: password })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--names/),
    });
  });

  test("come over TLS from another machine, and only from the server of the certificate", async () => {
    const source = await databaseCdr(address(), { password, ca: server.certificate });
    expect(await describeFile(source, first)).toMatchObject({ agent: "1042" });
    await source.close();
    const { certificate } = server;
    // 127.0.0.2 is no local address by name; the certificate is for "localhost".
    await expect(databaseCdr(address("", "127.0.0.2"), { password })).rejects.toThrow(/cannot be read/);
    const other = await inFolder("other.pem", "");
    await expect(databaseCdr(address(), { password, ca: other })).rejects.toThrow(/--cdr-ca/);
    await expect(databaseCdr(address(), { password, ca: `${certificate}x` })).rejects.toThrow(/No file/);
  });

  test.each<[string, () => Promise<CdrSource>, RegExp]>([
    ["a wrong password", () => databaseCdr(address(), { password: "x" }), /CDR_PASSWORD/],
    ["a password in the address", () => databaseCdr(address().replace("@", ":x@"), { password }), /other users see/],
    ["a table of something else", () => databaseCdr(address("?table=others"), { password }), /no call detail records/],
    ["a table's name that is none", () => databaseCdr(address("?table=a;b"), { password }), /letters, digits/],
    ["a missing table", () => databaseCdr(address("?table=none"), { password }), /ER_NO_SUCH_TABLE/],
  ])("are refused with what to do: %s", async (_name, openIt, message) => {
    await expect(openIt()).rejects.toThrow(CannotStart);
    await expect(openIt()).rejects.toThrow(message);
  });
});
