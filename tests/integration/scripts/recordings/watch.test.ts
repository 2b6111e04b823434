import { appendFileSync } from "node:fs";
import { copyFile, mkdir, open, readFile, rename, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { audioFolder } from "../../../support/audio-fixtures";
import { startPortalServer, type PortalServer } from "../../../support/portal-server";
import { phoneSystem, type PhoneSystem } from "../../../support/uploads";
import { freepbx, makeSpool, runOnSpool, wavs, type Spool } from "../../../support/spool-command";

let server: PortalServer;
let system: PhoneSystem;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
});

afterAll(() => server.close());

const spool = makeSpool;
const watch = (own: Spool, ...parameters: string[]) => runOnSpool("watch", own, { server, system }, parameters);

const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 60_000, interval: 50 });

test("uploads finished files and sets them aside; a file still being written waits until it is complete", async () => {
  const own = await spool();
  await own.putCall(0);
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
  await own.putCall(2);
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
  expect(watching.output + watching.errors).not.toMatch(/98765/);
  expect(
    watching.output
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { outcome: string }).outcome),
  ).toContain("stored");
});

test("waits for the header of a paused recording, and uploads it complete", async () => {
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
    await own.putCall(number);
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

test("sets refused files aside with the reason and never removes them; retries after transient failures", async () => {
  const own = await spool();
  await writeFile(path.join(own.folder, `${freepbx(1)}.wav`), "<!doctype html><p>no call</p>".padEnd(500));
  await own.putCall(2);
  await rename(path.join(own.folder, `${freepbx(2)}.wav`), path.join(own.folder, "meeting notes.wav"));
  await own.putCall(3);
  const watching = watch(own, "--unit", "not-made-yet");
  await until(() => expect(watching.output).toMatch(/unknown_unit/));
  await until(async () => expect(await own.files(".refused")).toHaveLength(2));
  expect(await own.files(".refused")).toEqual(["meeting notes.wav", "meeting notes.wav.problem.txt"]);
  expect(await watching.end()).toBe(0);
  expect(await own.stored()).toBe(0);
  const again = watch(own);
  await until(async () => expect(await own.files(".refused")).toHaveLength(4));
  await until(async () => expect(await own.files(".stored")).toHaveLength(1));
  expect(await again.end()).toBe(0);
  expect(await readFile(path.join(own.folder, ".refused", `${freepbx(1)}.wav.problem.txt`), "utf8")).toBe(
    "not_audio (content: html): HTML page\n",
  );
});

test("stores every call once and sets every file aside when killed again and again", async () => {
  const own = await spool();
  const count = 24;
  for (let index = 0; index < count; index += 1) await own.putCall(index);
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

test("--once uploads finished files and ends; --remove-stored keeps none; a sidecar has the metadata", async () => {
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
  expect(first.output).toMatch(/sidecar: not found/);
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
});
