import { appendFile, copyFile, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { and, eq, inArray } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { Journal } from "@/scripts/recordings/spool/journal";
import { audioFolder } from "../../../support/audio-fixtures";
import { startPortalServer, type PortalServer } from "../../../support/portal-server";
import { compressedCall, freepbx, makeSpool, runOnSpool, wavs, type Spool } from "../../../support/spool-command";
import { phoneSystem, type PhoneSystem } from "../../../support/uploads";

let server: PortalServer;
let system: PhoneSystem;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
});
afterAll(() => server.close());

const journalOf = ({ folder }: Spool) => `${folder}.journal`;
const watch = (own: Spool, ...parameters: string[]) =>
  runOnSpool("watch", own, { server, system }, ["--leave-files", journalOf(own), ...parameters]);
const until = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 60_000, interval: 50 });
const ticketsOf = async ({ source }: Spool) =>
  database().$count(
    uploadTickets,
    inArray(
      uploadTickets.recordingId,
      database().select({ id: recordings.id }).from(recordings).where(eq(recordings.source, source)),
    ),
  );

test("stores files, leaves them where they are, and asks nothing about them later", async () => {
  const own = await makeSpool();
  for (const count of [1, 2, 3]) await own.putCall(count);
  const before = await own.files();
  const first = watch(own, "--once");
  expect(await first.closed).toBe(0);
  expect(first.errors).toContain("3 stored, 0 stored before");
  expect(await own.files()).toEqual(before);
  expect((await stat(journalOf(own))).mode & 0o077).toBe(0);
  const second = runOnSpool("watch", own, { server: { origin: "http://127.0.0.1:9" }, system }, [
    "--leave-files",
    journalOf(own),
    "--once",
  ]);
  // No portal answers at this address, and none is asked.
  expect(await second.closed).toBe(0);
  expect(second.errors).toContain("0 stored, 3 stored before, 0 deleted before, 0 failed");
  expect(second.output).toBe("");
});

test("killed again and again it stores each file once and forgets none", async () => {
  const own = await makeSpool();
  const count = 24;
  for (let index = 0; index < count; index += 1) await own.putCall(index);
  for (const reached of [1, 4, 9, 16]) {
    const watching = watch(own, "--concurrency", "2");
    await until(async () => expect(await own.stored()).toBeGreaterThanOrEqual(reached));
    await watching.end("SIGKILL");
  }
  const last = watch(own, "--once");
  expect(await last.closed).toBe(0);
  expect((await own.rows()).map(({ state }) => state)).toEqual(Array(count).fill("stored"));
  expect(await own.files()).toHaveLength(count);
  const tickets = await ticketsOf(own);
  const journal = new Journal(journalOf(own), own.folder);
  const known = (await own.files()).map((name) => journal.find(path.join(own.folder, name))?.outcome);
  journal.close();
  expect(known).toEqual(Array(count).fill("stored"));
  expect(await watch(own, "--once").closed).toBe(0);
  expect(await ticketsOf(own)).toBe(tickets);
});

test("sends a file again that grew, but not one that was only touched or copied back", async () => {
  const own = await makeSpool();
  const [touched, copied, grown] = [await own.putCall(1), await own.putCall(2), await own.putCall(3)];
  expect(await watch(own, "--once").closed).toBe(0);
  const tickets = await ticketsOf(own);
  await utimes(touched, new Date(), new Date(Date.now() - 30_000));
  const bytes = await readFile(copied);
  await rm(copied);
  await writeFile(copied, bytes);
  await utimes(copied, new Date(), new Date(Date.now() - 30_000));
  await copyFile(path.join(audioFolder, wavs[5]!), grown);
  await utimes(grown, new Date(), new Date(Date.now() - 30_000));
  const again = watch(own, "--once");
  expect(await again.closed).toBe(0);
  expect(again.errors).toContain("1 stored, 2 stored before");
  expect(await ticketsOf(own)).toBe(tickets + 1);
  expect(await own.stored()).toBe(4);
});

test("a file that grows while it is watched is sent again when it has ended", async () => {
  const own = await makeSpool();
  const file = path.join(own.folder, `${freepbx(1)}.mp3`);
  const mp3 = await readFile(path.join(audioFolder, "call-17-mp3-stereo.mp3"));
  await writeFile(file, mp3.subarray(0, 50_000));
  const watching = watch(own);
  await until(async () => expect(await own.stored()).toBe(1));
  await appendFile(file, mp3.subarray(50_000));
  await until(async () => expect(await own.stored()).toBe(2));
  expect(await watching.end()).toBe(0);
});

test("a WAV that a night job replaces by its MP3 is one recording", async () => {
  const own = await makeSpool();
  const file = await own.putCall(1);
  const watching = watch(own);
  await until(async () => expect(await own.stored()).toBe(1));
  await own.put(`${freepbx(1)}.mp3`, compressedCall);
  await rm(file);
  // A second call shows that the folder was looked at.
  await own.putCall(2);
  await until(async () => expect(await own.stored()).toBe(2));
  expect(await watching.end()).toBe(0);
  const later = watch(own, "--once");
  expect(await later.closed).toBe(0);
  expect(later.errors).toContain("0 stored, 2 stored before");
  expect(await own.stored()).toBe(2);
});

test("an MP3 of another length than its WAV is another recording: a pause left two of one name", async () => {
  const own = await makeSpool();
  const file = await own.putCall(1);
  await rm(file, { force: true });
  const journal = new Journal(journalOf(own), own.folder);
  journal.add(file, { sizeBytes: 1, mtimeMs: 1, inode: 1, digest: null, outcome: "stored", lengthMs: 4000 });
  journal.close();
  await own.put(`${freepbx(1)}.mp3`, compressedCall);
  const watching = watch(own, "--once");
  expect(await watching.closed).toBe(0);
  expect(watching.errors).toContain("1 stored, 0 stored before");
});

test("what the portal refused is not sent again, unless asked; an unreadable name is read again", async () => {
  const own = await makeSpool();
  const page = path.join(own.folder, `${freepbx(1)}.mp3`);
  await writeFile(page, "<html>no call</html>".padEnd(2000));
  await utimes(page, 1, 1);
  await own.put("meeting.wav", path.join(audioFolder, wavs[0]!));
  const first = watch(own, "--once");
  expect(await first.closed).toBe(1);
  expect(first.lines().map(({ problem }) => problem)).toEqual(
    expect.arrayContaining(["not_audio (content: html): HTML page", expect.stringMatching(/^name: /)]),
  );
  const second = watch(own, "--once");
  expect(await second.closed).toBe(1);
  expect(second.errors).toContain("1 failed, 0 waiting, 0 not taken, 0 excluded, 1 refused before.");
  const third = watch(own, "--once", "--retry-refused");
  expect(await third.closed).toBe(1);
  expect(third.errors).toContain("2 failed");
  expect(await own.files()).toEqual([path.basename(page), "meeting.wav"].sort());
});

test("refuses a journal that another watch uses, that lies in the folder, or that is none", async () => {
  const own = await makeSpool();
  await own.putCall(1);
  const watching = watch(own);
  await until(async () => expect(await own.stored()).toBe(1));
  const other = watch(own, "--once");
  expect(await other.closed).toBe(2);
  expect(other.errors).toContain("another watch works with this journal");
  expect(await watching.end()).toBe(0);
  const inside = runOnSpool("watch", own, { server, system }, ["--leave-files", path.join(own.folder, "j"), "--once"]);
  expect(await inside.closed).toBe(2);
  expect(inside.errors).toContain("the journal must be outside the folder");
  await writeFile(`${own.folder}.txt`, "no database".padEnd(5000));
  const none = runOnSpool("watch", own, { server, system }, ["--leave-files", `${own.folder}.txt`, "--once"]);
  expect(await none.closed).toBe(2);
  expect(none.errors).toContain("cannot be the journal");
  expect(await readFile(`${own.folder}.txt`, "utf8")).toMatch(/^no database/);
});

test("keeps what it knows of a deleted recording: its MP3 does not bring it back", async () => {
  const own = await makeSpool();
  const file = await own.putCall(1);
  const journal = new Journal(journalOf(own), own.folder);
  const { ino: inode, size: sizeBytes, mtimeMs } = await stat(file);
  journal.add(file, { sizeBytes, mtimeMs, inode, digest: null, outcome: "deleted", lengthMs: null });
  journal.close();
  await own.put(`${freepbx(1)}.mp3`, compressedCall);
  const watching = watch(own, "--once");
  expect(await watching.closed).toBe(0);
  expect(watching.errors).toContain("0 stored, 0 stored before, 2 deleted before");
  expect(
    await database().$count(recordings, and(eq(recordings.source, own.source), eq(recordings.state, "stored"))),
  ).toBe(0);
});
