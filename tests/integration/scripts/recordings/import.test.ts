import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { audioFolder, audioNames } from "../../../support/audio-fixtures";
import { startFaultProxy } from "../../../support/fault-proxy";
import { startPortalServer, type PortalServer } from "../../../support/portal-server";
import { runAtTerminal } from "../../../support/run-command";
import { phoneSystem, storedKeys, type PhoneSystem } from "../../../support/uploads";
import { loadTypescript } from "../../../support/load-typescript";

let server: PortalServer;
let system: PhoneSystem;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
});

afterAll(() => server.close());

const root = path.resolve(import.meta.dirname, "../../../..");
const files = audioNames.filter((name) => /call-(0[1-9]|1\d)/.test(name));

type Entry = {
  file: string;
  sourceCallId: string;
  unit: string;
  direction: string;
  startedAt: string;
  customerNumber?: string;
  callKind?: string;
  source?: string;
};

async function folderWith(count: number): Promise<{ folder: string; source: string; entries: Entry[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-import-"));
  const source = `import-${newId()}`;
  const entries = files.slice(0, count).map((file, index) => ({
    file,
    sourceCallId: `call-${index}`,
    unit: system.unitCode,
    direction: "inbound",
    startedAt: new Date(Date.now() - 3_600_000).toISOString(),
    customerNumber: "(11) 98765-4321",
    callKind: "sale",
    source,
  }));
  await Promise.all(entries.map(({ file }) => copyFile(path.join(audioFolder, file), path.join(folder, file))));
  return { folder, source, entries };
}

const write = (folder: string, name: string, text: string) => writeFile(path.join(folder, name), text);
const csv = (entries: object[]) =>
  [
    Object.keys(entries[0]!).join(","),
    ...entries.map((entry) =>
      Object.values(entry)
        .map((value) => `"${String(value).replaceAll('"', '""')}"`)
        .join(","),
    ),
  ].join("\r\n");

type Run = { code: number | null; signal: string | null; output: string; errors: string };

/** The import command, as an operator runs it. */
function runImport(
  folder: string,
  {
    parameters = ["--json"],
    apiKey = system.apiKey,
    url = server.origin,
    onStart,
  }: { parameters?: string[]; apiKey?: string; url?: string; onStart?: (kill: () => void) => void } = {},
): Promise<Run> {
  const child = spawn(
    process.execPath,
    [
      "--import",
      loadTypescript,
      path.join(root, "scripts/recordings.ts"),
      "import",
      folder,
      "--url",
      url,
      ...parameters,
    ],
    { cwd: root, env: { ...process.env, CUSTODIA_API_KEY: apiKey } },
  );
  const run = { output: "", errors: "" };
  child.stdout.on("data", (chunk) => (run.output += chunk));
  child.stderr.on("data", (chunk) => (run.errors += chunk));
  onStart?.(() => child.kill("SIGKILL"));
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, ...run })));
}

const report = ({ output }: Run) =>
  JSON.parse(output) as {
    stored: number;
    alreadyStored: number;
    failed: number;
    failures: { line: number; problem: string }[];
  };
const statesOf = async (source: string) =>
  (await database().select({ state: recordings.state }).from(recordings).where(eq(recordings.source, source))).map(
    ({ state }) => state,
  );

describe("a manifest", () => {
  test.each<[string, (entries: Entry[]) => string]>([
    ["manifest.csv", csv],
    ["manifest.jsonl", (entries) => entries.map((entry) => JSON.stringify(entry)).join("\n")],
    ["manifest.json", (entries) => JSON.stringify(entries)],
  ])("%s: stores everything; a second run stores nothing twice", async (name, format) => {
    const { folder, source, entries } = await folderWith(5);
    await write(folder, name, format(entries));
    const first = await runImport(folder);
    expect(first.code).toBe(0);
    expect(report(first)).toMatchObject({ stored: 5, alreadyStored: 0, failed: 0 });
    expect(await statesOf(source)).toEqual(Array(5).fill("stored"));
    expect(
      await database()
        .selectDistinct({ callKind: recordings.callKind })
        .from(recordings)
        .where(eq(recordings.source, source)),
    ).toEqual([{ callKind: "sale" }]);
    const objects = (await storedKeys()).length;
    const second = await runImport(folder);
    expect(second.code).toBe(0);
    expect(report(second)).toMatchObject({ stored: 0, alreadyStored: 5, failed: 0 });
    expect(await statesOf(source)).toHaveLength(5);
    expect((await storedKeys()).length).toBe(objects);
  });

  test("names each wrong line and imports the others", async () => {
    const { folder, source, entries } = await folderWith(8);
    const [good, noUnit, noFile, badTime, outside, notAudio, empty, alsoGood] = entries as [
      Entry,
      Entry,
      Entry,
      Entry,
      Entry,
      Entry,
      Entry,
      Entry,
    ];
    await write(folder, "page.wav", "<!doctype html><p>no call</p>".padEnd(500));
    await write(folder, "nothing.wav", "");
    const lines = [
      good,
      { ...noUnit, unit: "nenhuma" },
      { ...noFile, file: "gone.wav" },
      { ...badTime, startedAt: "yesterday" },
      { ...outside, file: "../../etc/passwd.wav" },
      { ...notAudio, file: "page.wav" },
      { ...empty, file: "nothing.wav" },
      alsoGood,
    ];
    await write(folder, "manifest.jsonl", [...lines.map((line) => JSON.stringify(line)), "{not json"].join("\n"));
    const run = await runImport(folder);
    expect(run.code).toBe(1);
    const { stored, failed, failures } = report(run);
    expect([stored, failed]).toEqual([2, 7]);
    expect(Object.fromEntries(failures.map(({ line, problem }) => [line, problem]))).toEqual({
      2: "unknown_unit (unit: unknown)",
      3: "file: not found",
      4: expect.stringMatching(/^startedAt: /),
      5: "file: is outside the manifest's folder",
      6: "not_audio (content: html): HTML page",
      7: "empty_file: the file has no bytes",
      9: expect.stringMatching(/^entry: /),
      // The files whose entries name another one.
      ...Object.fromEntries([10, 11, 12, 13].map((line) => [line, "manifest: does not list this file"])),
    });
    expect((await statesOf(source)).sort()).toEqual(["rejected", "stored", "stored"]);
    const shown = await runImport(folder, { parameters: [] });
    expect(shown.output).toContain("0 stored, 2 stored before, 0 deleted before, 7 failed");
    expect(shown.output + shown.errors).not.toMatch(/98765|at .*\.ts:/);
  });

  test.each([
    [
      "stores a file that changed since it was stored as another recording of the call",
      undefined,
      ["stored", "stored"],
    ],
    ["refuses it under the same sourceRecordingId, and replaces nothing", "mix", ["stored"]],
  ])("%s", async (_, sourceRecordingId, states) => {
    const { folder, source, entries } = await folderWith(1);
    await write(folder, "manifest.json", JSON.stringify(entries.map((entry) => ({ ...entry, sourceRecordingId }))));
    await runImport(folder);
    await copyFile(path.join(audioFolder, files[9]!), path.join(folder, entries[0]!.file));
    const run = await runImport(folder);
    const failures = sourceRecordingId ? [{ line: 1, problem: "already_stored" }] : [];
    expect(report(run).failures).toMatchObject(failures);
    expect(await statesOf(source)).toEqual(states);
  });
});

test("without a manifest it reads the calls from the file names and reports the outcome of each file", async () => {
  const { folder, source } = await folderWith(0);
  const inside = path.join(folder, "2026", "03");
  await mkdir(inside, { recursive: true });
  await copyFile(
    path.join(audioFolder, files[0]!),
    path.join(inside, "out-11987654321-1042-20260302-140531-1772471131.7.wav"),
  );
  await copyFile(path.join(audioFolder, files[1]!), path.join(inside, "a meeting.wav"));
  await write(folder, "notes.txt", "no recording");
  const reportFile = path.join(folder, "report.csv");
  const run = await runImport(folder, {
    parameters: [
      ...["--json", "--names", "auto", "--unit", system.unitCode, "--source", source, "--report", reportFile],
      "--accept-due",
    ],
  });
  expect(run.code).toBe(1);
  const problem = expect.stringMatching(/^name: has another form: part 1 \(1 letter\).*manifest/);
  expect(report(run)).toMatchObject({
    stored: 1,
    failed: 1,
    notTaken: 1,
    failures: expect.arrayContaining([
      { line: expect.any(Number), file: path.join(inside, "a meeting.wav"), outcome: "failed", problem },
      {
        line: expect.any(Number),
        file: path.join(folder, "notes.txt"),
        outcome: "not_taken",
        problem: "type: the portal takes no .txt",
      },
    ]),
  });
  const [row] = await database().select().from(recordings).where(eq(recordings.source, source));
  expect(row).toMatchObject({
    state: "stored",
    direction: "outbound",
    sourceCallId: "out-1772471131.7",
    startedAt: new Date("2026-03-02T17:05:31Z"),
  });
  expect(row!.customerNumberIndex).not.toBeNull();
  const lines = (await readFile(reportFile, "utf8")).trim().split("\n").sort();
  expect(lines).toHaveLength(4);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/a meeting\.wav,failed,,,"name: has another form.*"$/),
      expect.stringMatching(/stored,[0-9a-f-]{36},\d+,$/),
      expect.stringMatching(/notes\.txt,not_taken,,,type: the portal takes no \.txt$/),
      "entry,file,outcome,recording,bytes,problem",
    ]),
  );
  expect((await stat(reportFile)).mode & 0o077).toBe(0);
  expect(await runImport(folder, { parameters: ["--names", "{sourceCallId}"] })).toMatchObject({
    code: 2,
    errors: expect.stringContaining("start of the call"),
  });
});

describe("a report", () => {
  const withReport = (folder: string, file: string) => runImport(folder, { parameters: ["--json", "--report", file] });

  test("is readable by its owner only, also where a file of other rights was", async () => {
    const { folder, entries } = await folderWith(1);
    await write(folder, "manifest.json", JSON.stringify(entries));
    const file = path.join(folder, "report.csv");
    await writeFile(file, "an older report\n", { mode: 0o644 });
    expect((await withReport(folder, file)).code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toMatch(/^entry,file,outcome.*\n1,.*,stored,/);
  });

  test("in a missing folder: nothing is imported", async () => {
    const { folder, source, entries } = await folderWith(1);
    await write(folder, "manifest.json", JSON.stringify(entries));
    expect(await withReport(folder, path.join(folder, "none/report.csv"))).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/report\.csv cannot be written \(ENOENT\)/),
    });
    expect(await withReport(folder, folder)).toMatchObject({ code: 2, errors: expect.stringContaining("(EISDIR)") });
    expect(await statesOf(source)).toEqual([]);
  });

  test.runIf(process.platform === "linux")("on a full disk ends the import with a message", async () => {
    const { folder, entries } = await folderWith(1);
    // Writes one entry per line until the device is full.
    await write(
      folder,
      "manifest.jsonl",
      [...entries, ...Array.from({ length: 2_000 }, () => ({ ...entries[0]!, file: "gone.wav" }))]
        .map((entry) => JSON.stringify(entry))
        .join("\n"),
    );
    const file = path.join(folder, "report.csv");
    await symlink("/dev/full", `${file}.unfinished`);
    const run = await withReport(folder, file);
    expect(run).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/report\.csv cannot be written \(ENOSPC\)\. The import stopped\./),
    });
    expect(report(run).failed).toBeLessThan(2_000);
    expect(await readdir(folder)).not.toContain("report.csv");
  });
});

test("shows its progress at a terminal, in files and bytes", async () => {
  const { folder, entries } = await folderWith(3);
  await write(folder, "manifest.json", JSON.stringify(entries));
  const { stdout, code } = await runAtTerminal(
    path.join(root, "scripts/recordings.ts"),
    ["import", folder, "--url", server.origin],
    { question: "no question", answer: "", changes: { CUSTODIA_API_KEY: system.apiKey } },
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/ 0\/3 \| 0\.0 MB \| 0 failed/);
  expect(stdout).toMatch(/ 3\/3 \| \d+\.\d MB \| 0 failed/);
});

test("stores everything once when killed in the middle and run again", async () => {
  const { folder, source, entries } = await folderWith(files.length);
  await write(folder, "manifest.csv", csv(entries));
  const front = await startFaultProxy(server.origin);
  const killed = await runImport(folder, {
    parameters: ["--concurrency", "2"],
    url: front.endpoint,
    // The portal has completed the first batch, the command does not get to know it, and no other batch was sent.
    onStart: (kill) =>
      (front.answered = async (_method, address) => {
        if (!address.endsWith("/batch/complete")) return;
        kill();
        throw new Error("killed");
      }),
  });
  await front.close();
  expect(killed.signal).toBe("SIGKILL");
  const before = (await statesOf(source)).filter((state) => state === "stored").length;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(entries.length);
  const again = await runImport(folder);
  expect(again.code).toBe(0);
  const { stored, alreadyStored, failed } = report(again);
  expect({ failed, stored, alreadyStored }).toEqual({
    failed: 0,
    stored: entries.length - before,
    alreadyStored: before,
  });
  expect(await statesOf(source)).toEqual(Array(entries.length).fill("stored"));
});

test("explains in one line why it cannot begin", async () => {
  const { folder, entries } = await folderWith(1);
  expect(await runImport(folder)).toMatchObject({ code: 2, errors: expect.stringContaining("No manifest in") });
  expect(await runImport(folder, { apiKey: "" })).toMatchObject({
    code: 2,
    errors: expect.stringContaining("CUSTODIA_API_KEY is missing"),
  });
  await write(folder, "manifest.json", JSON.stringify(entries));
  expect(await runImport(folder, { parameters: ["--concurrency", "0"] })).toMatchObject({
    code: 2,
    errors: expect.stringContaining("--concurrency"),
  });
  await write(folder, "manifest.json", "{}");
  expect(await runImport(folder)).toMatchObject({ code: 2 });
  await write(folder, "manifest.json", JSON.stringify(entries));
  const refused = await runImport(folder, { apiKey: `cust_abcdefgh_${"A".repeat(43)}` });
  expect(refused).toMatchObject({ code: 2, errors: expect.stringContaining("unknown_api_key") });
});
