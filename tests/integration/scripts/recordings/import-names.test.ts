import { copyFile, mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { audioFolder, audioNames } from "../../../support/audio-fixtures";
import { startPortalServer, type PortalServer } from "../../../support/portal-server";
import { runCommand } from "../../../support/run-command";
import { phoneSystem, type PhoneSystem } from "../../../support/uploads";

let server: PortalServer;
let system: PhoneSystem;

beforeAll(async () => {
  server = await startPortalServer();
  system = await phoneSystem();
});

afterAll(() => server.close());

const audio = audioNames.filter((name) => name.endsWith(".wav"));

async function folderOf(names: string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-names-"));
  for (const [index, name] of names.entries()) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await copyFile(path.join(audioFolder, audio[index]!), path.join(folder, name));
  }
  return folder;
}

const runImport = (folder: string, source: string, more: string[]) =>
  runCommand(
    "scripts/recordings.ts",
    ["import", folder, "--url", server.origin, "--unit", system.unitCode, "--source", source, "--json", ...more],
    { CUSTODIA_API_KEY: system.apiKey },
  );

const rowsOf = (source: string) =>
  database()
    .select()
    .from(recordings)
    .where(eq(recordings.source, source))
    .orderBy(asc(recordings.sourceCallId), asc(recordings.sourceRecordingId));

test("sides, legs and folders are recordings of one call; a second run stores none twice", async () => {
  const source = `names-${newId()}`;
  const folder = await folderOf([
    "1795194202.42-in.wav",
    "1795194202.42-out.wav",
    "mix/1795194300.43.wav",
    "in/1795194300.43.wav",
    "out/1795194300.43.wav",
    "q-600-11940001234-20261120-140500-1795194300.44.wav",
    "q-601-11940001234-20261120-141001-1795194300.44.wav",
  ]);
  const run = () => runImport(folder, source, ["--names", "auto", "--sides", "in=customer,out=agent"]);
  const first = await run();
  expect(first).toMatchObject({ code: 0 });
  expect(JSON.parse(first.stdout)).toMatchObject({ stored: 7, failed: 0 });
  const shown = (await rowsOf(source)).map(
    ({ sourceCallId, sourceRecordingId }) => `${sourceCallId} ${sourceRecordingId.split(":")[0]}`,
  );
  expect(shown).toEqual([
    "1795194202.42 agent",
    "1795194202.42 customer",
    "1795194300.43 agent",
    "1795194300.43 customer",
    "1795194300.43 sha256",
    "q-1795194300.44 sha256",
    "q-1795194300.44 sha256",
  ]);
  expect(JSON.parse((await run()).stdout)).toMatchObject({ stored: 0, alreadyStored: 7, failed: 0 });
  expect(await rowsOf(source)).toHaveLength(7);
});

test("a second file of a side, after a pause, is another recording; a wrong --sides starts nothing", async () => {
  const source = `names-${newId()}`;
  const folder = await folderOf(["1795194202.42-in.wav", "later/1795194202.42-in.wav"]);
  expect(JSON.parse((await runImport(folder, source, ["--names", "auto"])).stdout)).toMatchObject({ stored: 2 });
  expect(new Set((await rowsOf(source)).map((row) => row.sourceCallId))).toEqual(new Set(["1795194202.42"]));
  expect(await runImport(folder, source, ["--names", "auto", "--sides", "in=left"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("folder=agent or folder=customer"),
  });
});
