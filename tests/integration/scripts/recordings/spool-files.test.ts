import { spawnSync } from "node:child_process";
import { watch } from "node:fs";
import { appendFile, copyFile, mkdir, mkdtemp, open, readdir, readFile } from "node:fs/promises";
import { rename, rm, utimes, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { count, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { callNameReader } from "@/scripts/recordings/call-names/call-name-reader";
import { byName } from "@/scripts/recordings/describe-file";
import { finishStoredFile } from "@/scripts/recordings/spool/finish-stored-file";
import { findRemovedOriginal, forgetRemoved } from "@/scripts/recordings/spool/removed-originals";
import type { ImportResult } from "@/scripts/recordings/import-entry";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { uploadSpoolFile, type StoredFile } from "@/scripts/recordings/spool/upload-spool-file";
import { watchFolder } from "@/scripts/recordings/spool/watch-folder";
import type { WatchOptions } from "@/scripts/recordings/spool/watch-options";
import { audioFolder, audioNames } from "../../../support/audio-fixtures";
import { startPortalServer, type PortalServer } from "../../../support/portal-server";
import { compressedCall } from "../../../support/spool-command";
import { phoneSystem, type PhoneSystem } from "../../../support/uploads";
import { waitUntil } from "../../../support/wait-until";

let server: PortalServer;
let system: PhoneSystem;
let gate: Server;
let opened: Promise<void> = Promise.resolve();
let client: PortalClient;

const wav = path.join(
  audioFolder,
  audioNames.find((name) => /call-\d+-wav/.test(name))!,
);
const nameOf = (number: number) => `q-600-1198765${1000 + number}-20260302-140531-${1772471131 + number}.${number}.wav`;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
  gate = createServer(
    (socket) => void passOn(socket, connect(Number(new URL(server.origin).port), "127.0.0.1")).catch(() => undefined),
  );
  await new Promise<void>((resolve) => gate.listen(0, "127.0.0.1", resolve));
  client = { baseUrl: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`, apiKey: system.apiKey };
});
afterAll(async () => {
  gate?.close();
  await server.close();
});

/** A proxy to the portal that holds all data while it is closed. */
async function passOn(socket: Socket, portal: Socket): Promise<void> {
  for (const end of [socket, portal]) end.on("error", () => undefined);
  portal.pipe(socket);
  for await (const piece of socket) {
    gate.emit("piece");
    await opened;
    portal.write(piece as Buffer);
  }
  portal.end();
}

/** Closes the proxy; returns how to open it, and a promise for the first waiting data. */
function shut(): { open: () => void; somebodyWaits: Promise<void> } {
  let open = () => {};
  opened = new Promise((resolve) => (open = resolve));
  return { open, somebodyWaits: new Promise((resolve) => void gate.once("piece", () => resolve())) };
}

async function openSpool({
  sourceRecordingId,
  ...changes
}: Partial<WatchOptions> & { sourceRecordingId?: string } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-spool-"));
  const source = `spool-${newId()}`;
  const stop = new AbortController();
  const results: ImportResult[] = [];
  const describeByName = byName(callNameReader("auto", "America/Sao_Paulo"), {
    source,
    unit: system.unitCode,
    queue: null,
    direction: "inbound",
  });
  const options: WatchOptions = {
    describe: async (file, line) => {
      const entry = await describeByName(file, line);
      return "problem" in entry ? entry : { ...entry, metadata: { ...entry.metadata, sourceRecordingId } };
    },
    concurrency: 2,
    settleMs: 100,
    unfinishedMs: 3_600_000,
    retryMs: 100,
    usePolling: false,
    removeStored: false,
    listing: { exclude: [], isOwn: () => false },
    journal: null,
    retryRefused: false,
    isDryRun: false,
    isOnce: false,
    onKnown: () => undefined,
    onNoRoom: () => undefined,
    signal: stop.signal,
    onResult: (result) => void results.push(result),
    ...changes,
  };
  const files = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
      .sort();
  const put = async (number: number, from = wav) => {
    const file = path.join(folder, nameOf(number));
    await copyFile(from, file);
    await utimes(file, new Date(), new Date(Date.now() - 60_000));
    return file;
  };
  const states = async () =>
    (await database().select({ state: recordings.state }).from(recordings).where(eq(recordings.source, source))).map(
      ({ state }) => state,
    );
  return { folder, source, options, stop, results, files, put, states };
}

type Spool = Awaited<ReturnType<typeof openSpool>>;

/** Uploaded and stored by the portal; later writes follow that. */
async function takeStored(
  { folder, options, put }: Spool,
  audio?: string,
): Promise<{ file: string; result: ImportResult; stored: StoredFile }> {
  const file = await put(1, audio);
  const taken = await uploadSpoolFile(client, folder, file, options);
  expect(taken).toMatchObject({ result: { outcome: "stored" }, stored: {} });
  return { file, ...(taken as { result: ImportResult; stored: StoredFile }) };
}

test.each([true, false])(
  "takes back a file that was written to after it was stored, and sends it again (to be removed: %s)",
  async (removeStored) => {
    const spool = await openSpool({ removeStored });
    const { file, result, stored } = await takeStored(spool);
    await appendFile(stored.place, "what was said after the pause");
    expect(await finishStoredFile(spool.folder, file, result, stored, spool.options)).toMatchObject({
      outcome: "failed",
      mayPass: true,
      problem: "file: written to after it was stored; it is sent again",
    });
    expect(await spool.files()).toEqual([nameOf(1)]);
    await utimes(file, new Date(), new Date(Date.now() - 60_000));
    expect(await uploadSpoolFile(client, spool.folder, file, { ...spool.options, unfinishedMs: 1 })).toMatchObject({
      result: { outcome: "stored", id: expect.not.stringMatching(result.id!) as string },
    });
    expect(await spool.states()).toEqual(["stored", "stored"]);
  },
);

test("never replaces a new file of the same name by one that it takes back", async () => {
  const spool = await openSpool();
  const { file, result, stored } = await takeStored(spool);
  await appendFile(stored.place, "what was said after the pause");
  await spool.put(1, path.join(audioFolder, audioNames.filter((name) => /call-\d+-wav/.test(name))[1]!));
  const before = await readFile(file);
  expect(await finishStoredFile(spool.folder, file, result, stored, spool.options)).toMatchObject({
    problem: "file: written to after it was stored; it is kept",
  });
  expect(await readFile(file)).toEqual(before);
  expect(await spool.files()).toEqual([
    `.differs-from-stored/${nameOf(1)}`,
    `.differs-from-stored/${nameOf(1)}.problem.txt`,
    nameOf(1),
  ]);
});

test.each([true, false])(
  "keeps and reports a file with an id of its own that was written to after it was stored (to be removed: %s)",
  async (removeStored) => {
    const spool = await openSpool({ removeStored, sourceRecordingId: "mix" });
    const { file, result, stored } = await takeStored(spool);
    await appendFile(stored.place, "what was said after the pause");
    expect(await finishStoredFile(spool.folder, file, result, stored, spool.options)).toMatchObject({
      outcome: "failed",
      problem: expect.stringMatching(/written to after it was stored/) as string,
    });
    expect(await spool.files()).toEqual([
      `.differs-from-stored/${nameOf(1)}`,
      `.differs-from-stored/${nameOf(1)}.problem.txt`,
    ]);
    expect((await readFile(path.join(spool.folder, ".differs-from-stored", nameOf(1)))).subarray(-5).toString()).toBe(
      "pause",
    );
  },
);

test("removes an unchanged file where requested, after it settles again; it stays when the process ends", async () => {
  const spool = await openSpool({ removeStored: true });
  const { file, result, stored } = await takeStored(spool);
  const ended = { ...spool.options, signal: AbortSignal.abort() };
  expect(await finishStoredFile(spool.folder, file, result, stored, ended)).toBe(result);
  expect(await spool.files()).toEqual([nameOf(1)]);
  expect(await finishStoredFile(spool.folder, file, result, stored, spool.options)).toBe(result);
  // Only a keyed digest of its name is left.
  expect(await spool.files()).toEqual([
    ".removed/.key",
    expect.stringMatching(/^\.removed\/[0-9a-f]{2}\/[0-9a-f]{64}$/),
  ]);
});

test("an MP3 is the recording of its WAV that was stored and removed, for a month; another name is not", async () => {
  const spool = await openSpool({ removeStored: true });
  const { file, result, stored } = await takeStored(spool, path.join(audioFolder, "call-02-wav-pcm-stereo.wav"));
  await finishStoredFile(spool.folder, file, result, stored, spool.options);
  const putMp3 = async (number: number, mp3 = compressedCall) => {
    const copy = (await spool.put(number, mp3)).replace(".wav", ".mp3");
    await rename(path.join(spool.folder, nameOf(number)), copy);
    return copy;
  };
  const upload = async (copy: string) => uploadSpoolFile(client, spool.folder, copy, spool.options);
  expect(await upload(await putMp3(1))).toMatchObject({
    result: { outcome: "already_stored", note: `same recording as ${nameOf(1)}` },
    // Kept: of the original nothing is left to compare it with.
    stored: { place: expect.stringMatching(/[/]\.stored[/].*\.mp3$/) as unknown },
  });
  expect(await spool.states()).toEqual(["stored"]);
  expect(await upload(await putMp3(2))).toMatchObject({ result: { outcome: "stored" } });
  // The second part after a pause had the same name, and was not stored.
  const other = await putMp3(1, path.join(audioFolder, "call-17-mp3-stereo.mp3"));
  expect(await upload(other)).toMatchObject({ result: { outcome: "stored" } });
  await rm(other);
  const day = 86_400_000;
  await forgetRemoved(spool.folder, spool.options.signal, Date.now() + 29 * day);
  expect(await findRemovedOriginal(spool.folder, file.replace(".wav", ".mp3"))).toBe(file);
  await forgetRemoved(spool.folder, spool.options.signal, Date.now() + 31 * day);
  expect(await findRemovedOriginal(spool.folder, file.replace(".wav", ".mp3"))).toBeNull();
});

test.runIf(process.platform === "linux" && process.getuid?.() === 0)(
  "removes a stored file also where the disk is full",
  async (context) => {
    const spool = await openSpool({ removeStored: true });
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=512k", "none", spool.folder]);
    // A container may not mount.
    if (mounted.status !== 0) return context.skip();
    try {
      const { file, result, stored } = await takeStored(spool);
      await mkdir(path.join(spool.folder, ".stored"));
      const filler = writeFile(path.join(spool.folder, ".filler"), Buffer.alloc(1024 ** 2));
      await expect(filler).rejects.toMatchObject({ code: "ENOSPC" });
      expect(await finishStoredFile(spool.folder, file, result, stored, spool.options)).toBe(result);
      expect((await spool.files()).filter((name) => name.endsWith(".wav"))).toEqual([]);
    } finally {
      spawnSync("umount", [spool.folder]);
    }
  },
);

test.runIf(process.platform === "linux")("does not remove a file that is open for writing", async () => {
  const spool = await openSpool({ removeStored: true });
  const { file, result, stored } = await takeStored(spool);
  const writer = await open(file, "a");
  await finishStoredFile(spool.folder, file, result, stored, spool.options);
  await writer.close();
  expect(await spool.files()).toEqual([`.stored/${nameOf(1)}`]);
});

test("uploads a file that looks unfinished for too long with a note, and never removes it", async () => {
  const spool = await openSpool({ removeStored: true, unfinishedMs: 2000 });
  const bytes = (await readFile(wav)).subarray(0, -1000);
  const unfinished = path.join(spool.folder, "unfinished");
  await writeFile(unfinished, bytes);
  const file = await spool.put(1, unfinished);
  expect(await uploadSpoolFile(client, spool.folder, file, { ...spool.options, unfinishedMs: 3_600_000 })).toEqual({
    waitMs: 100,
    reason: "unfinished",
  });
  expect(await uploadSpoolFile(client, spool.folder, file, spool.options)).toMatchObject({
    result: { outcome: "stored", note: "file: looks unfinished" },
    stored: { place: path.join(spool.folder, ".stored", nameOf(1)) },
  });
});

test("stores another file of the same name as another recording of the call", async () => {
  const spool = await openSpool();
  await takeStored(spool);
  const file = await spool.put(1, path.join(audioFolder, audioNames.filter((name) => /call-\d+-wav/.test(name))[1]!));
  expect(await uploadSpoolFile(client, spool.folder, file, spool.options)).toMatchObject({
    result: { outcome: "stored" },
  });
  expect(await spool.states()).toEqual(["stored", "stored"]);
  expect(await spool.files()).toEqual(
    [`.stored/${nameOf(1).replace(".wav", ".1.wav")}`, `.stored/${nameOf(1)}`].sort(),
  );
});

test("sets a file aside, with instructions, when the portal stored its own id with different content", async () => {
  const spool = await openSpool({ sourceRecordingId: "mix" });
  await takeStored(spool);
  const file = await spool.put(1, path.join(audioFolder, audioNames.filter((name) => /call-\d+-wav/.test(name))[1]!));
  expect(await uploadSpoolFile(client, spool.folder, file, spool.options)).toMatchObject({
    result: { outcome: "failed", problem: "already_stored" },
  });
  expect(await spool.files()).toEqual([
    `.differs-from-stored/${nameOf(1)}`,
    `.differs-from-stored/${nameOf(1)}.problem.txt`,
    `.stored/${nameOf(1)}`,
  ]);
});

test("does not complete the upload of a file that changes meanwhile", async () => {
  const spool = await openSpool();
  const file = await spool.put(1);
  const { open, somebodyWaits } = shut();
  const taking = uploadSpoolFile(client, spool.folder, file, spool.options);
  // The file was checked before the portal was called.
  await somebodyWaits;
  await utimes(file, new Date(), new Date());
  open();
  expect(await taking).toMatchObject({ result: { outcome: "failed", problem: "file_changed", mayPass: true } });
  expect(await spool.states()).toEqual(["pending"]);
});

test("uploads a file once, however often it changes while all uploads are busy", async () => {
  const spool = await openSpool();
  const { open, somebodyWaits } = shut();
  for (const number of [1, 2]) await spool.put(number);
  const watching = watchFolder(client, spool.folder, spool.options);
  await somebodyWaits;
  const file = await spool.put(3);
  // The command under test gets the same events of the folder.
  let changes = 0;
  const folder = watch(spool.folder, () => (changes += 1));
  let time = Date.now() - 60_000;
  const touch = () => utimes(file, new Date(), new Date((time += 1)));
  await waitUntil("six changes are seen", async () => (await touch(), changes >= 6), { intervalMs: 60 });
  folder.close();
  open();
  await vi.waitFor(() => expect(spool.results).toHaveLength(3), { timeout: 60_000 });
  spool.stop.abort();
  await watching;
  expect(spool.results.map(({ outcome }) => outcome)).toEqual(["stored", "stored", "stored"]);
  const tickets = await database()
    .select({ tickets: count() })
    .from(uploadTickets)
    .innerJoin(recordings, eq(recordings.id, uploadTickets.recordingId))
    .where(eq(recordings.source, spool.source))
    .groupBy(recordings.id);
  expect(tickets).toEqual([{ tickets: 1 }, { tickets: 1 }, { tickets: 1 }]);
});
