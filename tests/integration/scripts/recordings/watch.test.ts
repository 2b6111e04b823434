import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rename, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { audioFolder, audioNames } from "../../../support/audio-fixtures";
import { startPortalServer, type PortalServer } from "../../../support/portal-server";
import { phoneSystem, type PhoneSystem } from "../../../support/uploads";
import { loadTypescript } from "../../../support/load-typescript";

let server: PortalServer;
let system: PhoneSystem;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
});

afterAll(() => server.close());

const root = path.resolve(import.meta.dirname, "../../../..");
const wavs = audioNames.filter((name) => /call-\d+-wav/.test(name));
const freepbx = (count: number) =>
  `q-600-1198765${String(1000 + count)}-20260302-140531-${1772471131 + count}.${count}`;

async function spool() {
  const source = `spool-${newId()}`;
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-spool-"));
  const rows = () =>
    database()
      .select({ state: recordings.state, call: recordings.sourceCallId, startedAt: recordings.startedAt })
      .from(recordings)
      .where(eq(recordings.source, source));
  const stored = async () => (await rows()).filter(({ state }) => state === "stored").length;
  const files = async (area = "") =>
    (await readdir(path.join(folder, area), { recursive: true, withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  const put = (count: number, wav = wavs[count % wavs.length]!) =>
    copyFile(path.join(audioFolder, wav), path.join(folder, `${freepbx(count)}.wav`));
  return { folder, source, rows, stored, files, put };
}

type Spool = Awaited<ReturnType<typeof spool>>;

/** The watch command, as an operator runs it. */
function watch({ folder, source }: Spool, ...parameters: string[]) {
  const options = [
    "--url",
    server.origin,
    "--source",
    source,
    "--unit",
    system.unitCode,
    "--settle",
    "0.4",
    "--retry",
    "0.5",
    ...parameters,
  ];
  const child = spawn(
    process.execPath,
    ["--import", loadTypescript, path.join(root, "scripts/recordings.ts"), "watch", folder, ...options],
    { cwd: root, env: { ...process.env, CUSTODIA_API_KEY: system.apiKey } },
  );
  const run = { output: "", errors: "" };
  child.stdout.on("data", (chunk) => (run.output += chunk));
  child.stderr.on("data", (chunk) => (run.errors += chunk));
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  return { run, closed, end: async (signal: NodeJS.Signals = "SIGTERM") => (child.kill(signal), closed) };
}

const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 60_000, interval: 50 });

test(
  "uploads finished files and sets them aside; a file still being written waits until it is complete",
  { timeout: 120_000 },
  async () => {
    const own = await spool();
    await own.put(0);
    const whole = await readFile(path.join(audioFolder, wavs[1]!));
    const growing = path.join(own.folder, `${freepbx(1)}.wav`);
    await writeFile(growing, whole.subarray(0, 20_000));
    const watching = watch(own, "--settle", "3");
    let written = 20_000;
    // Grows piece by piece until the other file is stored.
    const writing = setInterval(() => appendFileSync(growing, whole.subarray(written, (written += 100))), 100);
    await until(async () => expect(await own.stored()).toBe(1));
    clearInterval(writing);
    appendFileSync(growing, whole.subarray(written));
    await mkdir(path.join(own.folder, "2026/03"), { recursive: true });
    await own.put(2);
    await rename(path.join(own.folder, `${freepbx(2)}.wav`), path.join(own.folder, "2026/03", `${freepbx(2)}.wav`));
    await until(async () => expect(await own.files(".stored")).toHaveLength(3));
    expect(await watching.end()).toBe(0);
    expect(await own.stored()).toBe(3);
    expect((await own.rows()).map(({ call }) => call).sort()).toEqual([
      "q-1772471131.0",
      "q-1772471132.1",
      "q-1772471133.2",
    ]);
    expect((await own.rows()).map(({ startedAt }) => startedAt.toISOString())).toContain("2026-03-02T17:05:31.000Z");
    expect(await readFile(path.join(own.folder, ".stored", `${freepbx(1)}.wav`))).toEqual(whole);
    // The output contains no personal data.
    expect(watching.run.output + watching.run.errors).not.toMatch(/98765/);
    expect(
      watching.run.output
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { outcome: string }).outcome),
    ).toContain("stored");
  },
);

test("waits for the header of a paused recording, and uploads it complete", { timeout: 120_000 }, async () => {
  const own = await spool();
  const whole = await readFile(path.join(audioFolder, wavs[1]!));
  const paused = path.join(own.folder, `${freepbx(1)}.wav`);
  // As Asterisk writes it: the header gets its sizes when the file is closed.
  const begun = Buffer.from(whole.subarray(0, 20_000));
  begun.writeUInt32LE(0, 4);
  begun.writeUInt32LE(0, begun.indexOf("data") + 4);
  const recorder = await open(paused, "w");
  await recorder.write(begun);
  const watching = watch(own, "--remove-stored");
  // A later file is stored earlier.
  for (const [done, number] of [2, 3].entries()) {
    await own.put(number);
    await until(async () => expect(await own.stored()).toBe(done + 1));
  }
  expect(await own.files()).toContain(`${freepbx(1)}.wav`);
  await recorder.write(whole, 0, whole.length, 0);
  await recorder.close();
  await until(async () => expect(await own.files()).toEqual([]));
  expect(await watching.end()).toBe(0);
  expect((await own.rows()).map(({ state }) => state)).toEqual(["stored", "stored", "stored"]);
  const [row] = await database()
    .select({ sizeBytes: recordings.sizeBytes })
    .from(recordings)
    .where(and(eq(recordings.source, own.source), eq(recordings.sourceCallId, "q-1772471132.1")));
  expect(row!.sizeBytes).toBe(whole.length);
});

test(
  "sets refused files aside with the reason and never removes them; retries after transient failures",
  { timeout: 120_000 },
  async () => {
    const own = await spool();
    await writeFile(path.join(own.folder, `${freepbx(1)}.wav`), "<!doctype html><p>no call</p>".padEnd(500));
    await own.put(2);
    await rename(path.join(own.folder, `${freepbx(2)}.wav`), path.join(own.folder, "meeting notes.wav"));
    await own.put(3);
    const watching = watch(own, "--unit", "not-made-yet");
    await until(() => expect(watching.run.output).toMatch(/unknown_unit/));
    await until(async () => expect(await own.files(".refused")).toHaveLength(2));
    expect(await own.files(".refused")).toEqual(["meeting notes.wav", "meeting notes.wav.problem.txt"]);
    expect(await watching.end()).toBe(0);
    expect(await own.stored()).toBe(0);
    const again = watch(own);
    await until(async () => expect(await own.files(".refused")).toHaveLength(4));
    await until(async () => expect(await own.files(".stored")).toHaveLength(1));
    expect(await again.end()).toBe(0);
    expect(await readFile(path.join(own.folder, ".refused", `${freepbx(1)}.wav.problem.txt`), "utf8")).toBe(
      "not_audio\n",
    );
  },
);

test("stores every call once and sets every file aside when killed again and again", { timeout: 180_000 }, async () => {
  const own = await spool();
  const count = 24;
  for (let index = 0; index < count; index += 1) await own.put(index);
  for (const reached of [4, 12]) {
    const watching = watch(own, "--concurrency", "2");
    await until(async () => expect(await own.stored()).toBeGreaterThanOrEqual(reached));
    await watching.end("SIGKILL");
  }
  const last = watch(own, "--concurrency", "4");
  await until(async () => expect(await own.files(".stored")).toHaveLength(count));
  expect(await last.end()).toBe(0);
  expect((await own.rows()).map(({ state }) => state)).toEqual(Array(count).fill("stored"));
});

test(
  "--once uploads finished files and ends; --remove-stored keeps none; a sidecar file may hold the metadata",
  { timeout: 120_000 },
  async () => {
    const own = await spool();
    const aMinuteAgo = new Date(Date.now() - 60_000);
    for (const name of ["a.wav", "b.wav"]) {
      await copyFile(path.join(audioFolder, wavs[0]!), path.join(own.folder, name));
      await utimes(path.join(own.folder, name), aMinuteAgo, aMinuteAgo);
    }
    await writeFile(
      path.join(own.folder, "a.wav.json"),
      JSON.stringify({
        sourceCallId: "call-a",
        unit: system.unitCode,
        direction: "outbound",
        startedAt: "2026-03-02T14:05:31-03:00",
      }),
    );
    const first = watch(own, "--once", "--sidecar", "--remove-stored");
    expect(await first.closed).toBe(1);
    expect(first.run.output).toMatch(/sidecar: not found/);
    expect(await own.files()).toEqual(["b.wav"]);
    await writeFile(path.join(own.folder, "b.wav.json"), "{not json");
    expect(await watch(own, "--once", "--sidecar").closed).toBe(1);
    expect(await own.files(".refused")).toEqual(["b.wav", "b.wav.json", "b.wav.problem.txt"]);
    expect(
      await database()
        .select({ call: recordings.sourceCallId, direction: recordings.direction })
        .from(recordings)
        .where(and(eq(recordings.source, own.source), eq(recordings.state, "stored"))),
    ).toEqual([{ call: "call-a", direction: "outbound" }]);
  },
);
