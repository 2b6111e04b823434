import { copyFile, mkdir, mkdtemp, readdir, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { callNameReader } from "@/scripts/recordings/call-names/call-name-reader";
import { byName } from "@/scripts/recordings/describe-file";
import { hashFile } from "@/scripts/recordings/hash-file";
import { type ImportResult } from "@/scripts/recordings/import-entry";
import { importRecordings } from "@/scripts/recordings/import-recordings";
import type { ManifestEntry } from "@/scripts/recordings/read-manifest";
import { uploadSpoolFile } from "@/scripts/recordings/spool/upload-spool-file";
import { watchFolder } from "@/scripts/recordings/spool/watch-folder";
import type { WatchOptions } from "@/scripts/recordings/spool/watch-options";
import { audio, audioFolder, audioNames } from "../../../support/audio-fixtures";
import { startPortalServer, type PortalServer } from "../../../support/portal-server";
import { isThorough } from "../../../support/seeds";
import { askTicket, callMetadata, phoneSystem, storedRecording, type PhoneSystem } from "../../../support/uploads";

let server: PortalServer;
let system: PhoneSystem;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
});
afterAll(() => server.close());

/** Two fixtures with different content. */
const [one, other] = audioNames.filter((name) => /call-\d+-wav/.test(name)) as [string, string];
/** In half of them the files come in the other order. */
const rounds = isThorough ? 50 : 4;

/** Two files that a phone system wrote under one call id, in either order; with one id of the recording, if given. */
async function twoFilesOfOneCall(
  isTurned: boolean,
  sourceRecordingId: string | null,
): Promise<{ source: string; entries: ManifestEntry[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-raced-"));
  const source = `raced-${newId()}`;
  const names = isTurned ? [other, one] : [one, other];
  const entries = names.map((name, index) => ({
    line: index + 1,
    file: path.join(folder, name),
    metadata: {
      source,
      sourceCallId: "one-call",
      sourceRecordingId,
      unit: system.unitCode,
      direction: "inbound" as const,
      startedAt: "2026-03-02T14:05:31-03:00",
      contentType: "audio/wav",
    },
  }));
  await Promise.all(entries.map(({ file }) => copyFile(path.join(audioFolder, path.basename(file)), file)));
  return { source, entries };
}

async function* each<Item>(items: Item[]): AsyncGenerator<Item> {
  yield* items;
}

/** Imports both files at once; returns what the portal keeps of the call, as SHA-256. */
async function importBoth(round: number, sourceRecordingId: string | null) {
  const { source, entries } = await twoFilesOfOneCall(round % 2 === 1, sourceRecordingId);
  const results: ImportResult[] = [];
  const report = await importRecordings({ baseUrl: server.origin, apiKey: system.apiKey }, each(entries), {
    concurrency: 4,
    onResult: (result) => results.push(result),
  });
  const kept = await database()
    .select({ state: recordings.state, sha256: recordings.sha256 })
    .from(recordings)
    .where(and(eq(recordings.source, source), eq(recordings.sourceCallId, "one-call")));
  expect(kept.every(({ state }) => state === "stored")).toBe(true);
  return { entries, results, report, kept: kept.map(({ sha256 }) => sha256!.toString("hex")) };
}

test(`an import of two files of one call stores both, ${rounds} times`, { timeout: 300_000 }, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { entries, results, report, kept } = await importBoth(round, null);
    expect([round, report.stored, report.alreadyStored, report.failed]).toEqual([round, 2, 0, 0]);
    expect(new Set(results.map(({ id }) => id)).size).toBe(2);
    const sent = await Promise.all(entries.map(({ file }) => hashFile(file)));
    expect(kept.sort()).toEqual(sent.sort());
  }
});

test(
  `an import of two files under one sourceRecordingId reports exactly one as stored, ${rounds} times`,
  { timeout: 300_000 },
  async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { results, report, kept } = await importBoth(round, "mix");
      expect([round, report.stored, report.alreadyStored, report.failed]).toEqual([round, 1, 0, 1]);
      const stored = results.find(({ outcome }) => outcome === "stored")!;
      expect(kept).toEqual([await hashFile(stored.file!)]);
      expect(report.failures[0]!.problem).toMatch(/^upload_conflict: another file|^already_stored$/);
    }
  },
);

const onceWithoutJournal = {
  listing: { exclude: [], isOwn: () => false },
  journal: null,
  retryRefused: false,
  isDryRun: false,
  isOnce: true,
  onKnown: () => undefined,
  onNoRoom: () => undefined,
};

/** A spool with the same call in two folders, with different content. */
async function spoolOfOneCall(sourceRecordingId: string | null = null) {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-raced-spool-"));
  const source = `raced-${newId()}`;
  const results: ImportResult[] = [];
  const defaults = { source, unit: system.unitCode, queue: null, direction: "inbound" as const };
  const options: WatchOptions = {
    describe: async (file, line) => {
      const entry = await byName(callNameReader("auto", "America/Sao_Paulo"), defaults)(file, line);
      return "problem" in entry ? entry : { ...entry, metadata: { ...entry.metadata, sourceRecordingId } };
    },
    concurrency: 4,
    settleMs: 100,
    unfinishedMs: 3_600_000,
    retryMs: 100,
    usePolling: false,
    removeStored: true,
    ...onceWithoutJournal,
    signal: new AbortController().signal,
    onResult: (result) => void results.push(result),
  };
  const place = async (name: string, from: string) => {
    const file = path.join(folder, name, "1772471131.1.wav");
    await mkdir(path.dirname(file));
    await copyFile(path.join(audioFolder, from), file);
    await utimes(file, new Date(), new Date(Date.now() - 60_000));
    return file;
  };
  const files = [await place("first", one), await place("second", other)] as const;
  const left = async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const found = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".wav"));
    return found.map(({ parentPath, name }) => path.join(parentPath, name)).sort();
  };
  return { folder, source, files, options, results, left };
}

test("a spool with two files of one call stores both, and removes them", { timeout: 300_000 }, async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { folder, source, files, options, results, left } = await spoolOfOneCall();
    const hashes = await Promise.all(files.map((file) => hashFile(file)));
    await watchFolder({ baseUrl: server.origin, apiKey: system.apiKey }, folder, options);
    expect(results.map(({ outcome }) => outcome)).toEqual(["stored", "stored"]);
    const kept = await database()
      .select({ sha256: recordings.sha256 })
      .from(recordings)
      .where(eq(recordings.source, source));
    expect(kept.map(({ sha256 }) => sha256!.toString("hex")).sort()).toEqual([...hashes].sort());
    expect(await left()).toEqual([]);
  }
});

test(
  "a spool with two files of one recording never removes the one that is not stored",
  { timeout: 300_000 },
  async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { folder, source, files, options, results, left } = await spoolOfOneCall("mix");
      const hashes = await Promise.all(files.map((file) => hashFile(file)));
      await watchFolder({ baseUrl: server.origin, apiKey: system.apiKey }, folder, options);
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(["failed", "stored"]);
      const [kept] = await database()
        .select({ sha256: recordings.sha256 })
        .from(recordings)
        .where(eq(recordings.source, source));
      const remaining = await Promise.all((await left()).map((file) => hashFile(file)));
      expect([...remaining, kept!.sha256!.toString("hex")].sort()).toEqual([...hashes].sort());
    }
  },
);

test("a file that lost to another upload of its recording stays in place, with the reason each time", async () => {
  const { folder, source, files, options, left } = await spoolOfOneCall("mix");
  const described = await options.describe(files[0], 0);
  if ("problem" in described) throw new Error(described.problem);
  const call = { ...described.metadata, agentName: undefined };
  const ofCall = (name: string) => callMetadata(system.unitCode, audio(name), call);
  expect((await askTicket(system.headers, ofCall(one))).status).toBe(201);
  await storedRecording(system, audio(other), ofCall(other));
  for (let times = 0; times < 2; times += 1) {
    const taken = await uploadSpoolFile({ baseUrl: server.origin, apiKey: system.apiKey }, folder, files[0], options);
    expect(taken).toMatchObject({
      result: {
        outcome: "failed",
        mayPass: true,
        problem: expect.stringMatching(/^upload_conflict: another file with the same sourceRecordingId/) as string,
      },
    });
    expect(await left()).toEqual([...files].sort());
  }
  expect(await database().$count(recordings, eq(recordings.source, source))).toBe(1);
});
