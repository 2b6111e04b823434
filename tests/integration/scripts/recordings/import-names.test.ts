import { copyFile, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

describe("--dry-run", () => {
  const dryRun = (folder: string, ...more: string[]) =>
    runCommand("scripts/recordings.ts", ["import", folder, "--dry-run", ...more], { CUSTODIA_API_KEY: undefined });

  test("prints what each name says, and uploads nothing", async () => {
    const source = `names-${newId()}`;
    const folder = await folderOf([
      "q-600-11940001234-20261120-140322-1795194202.42.wav",
      "1795194202.43-in.wav",
      "Gravacao_20261120-140322.wav",
    ]);
    const run = await dryRun(folder, "--names", "auto", "--unit", "suporte", "--source", source);
    expect(run).toMatchObject({ code: 1, stderr: "" });
    const lines = run.stdout.split("\n").map((line) => line.split(/ {2,}/));
    expect(lines[0]!.join(" ")).toBe("file started direction number agent queue unit call recording references note");
    expect(
      lines
        .slice(1, 4)
        .map(([file, ...cells]) => [path.basename(file!), ...cells])
        .sort(),
    ).toEqual([
      [
        "1795194202.43-in.wav",
        "2026-11-20 14:03:22 -03:00",
        "inbound",
        "-",
        "-",
        "-",
        "suporte",
        "1795194202.43",
        "customer",
        "-",
        "",
      ],
      ["Gravacao_20261120-140322.wav", expect.stringMatching(/^not understood: name: .*--names "\{ignore\}_/)],
      [
        "q-600-11940001234-20261120-140322-1795194202.42.wav",
        ...[
          "2026-11-20 14:03:22 -03:00",
          "inbound",
          "11940001234",
          "-",
          "600",
          "suporte",
          "q-1795194202.42",
          "-",
          "-",
          "",
        ],
      ],
    ]);
    expect(run.stdout).toContain("2 understood (2 inbound, 0 outbound, 0 internal; 1 without number), 1 not.");
    expect(await rowsOf(source)).toEqual([]);
  });

  test("prints the references that a template reads", async () => {
    const folder = await folderOf(["000123_C-77_20261120-140322.wav"]);
    const template = "{protocol}_{customerReference}_{startedAt:yyyyMMdd-HHmmss}";
    const run = await dryRun(folder, "--names", template, "--unit", "suporte", "--source", `names-${newId()}`);
    expect(run.code).toBe(0);
    expect(run.stdout.split("\n")[1]!.split(/ {2,}/)).toContain("protocol 000123, reference C-77");
  });

  test("shows some rows of many, and counts all", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "custodia-names-"));
    for (let counter = 0; counter < 60; counter += 1)
      await writeFile(path.join(folder, `1795194202.${counter}.wav`), "sound");
    const rows = async (...more: string[]) => {
      const { code, stdout } = await dryRun(folder, "--names", "auto", "--unit", "suporte", ...more);
      expect(code).toBe(0);
      expect(stdout).toContain("60 understood");
      return stdout.match(/\.wav {2}/g)!.length;
    };
    expect(await rows()).toBe(50);
    expect(await rows("--rows", "3")).toBe(3);
    expect(await rows("--rows", "1000")).toBe(60);
  });

  test("of a damaged manifest says the same as the import, which uploads nothing", async () => {
    const source = `names-${newId()}`;
    const folder = await folderOf(["a.wav", "b.wav"]);
    const line = (file: string, number: string) =>
      `${file};${file};${system.unitCode};inbound;2026-11-20T14:03:22-03:00;${number}\r\n`;
    const header = "file;sourceCallId;unit;direction;startedAt;customerNumber\r\n";
    const write = (second: string) =>
      writeFile(path.join(folder, "manifest.csv"), header + line("a.wav", "11940001234") + line("b.wav", second));
    await write("5,51194E+12");
    for (const run of [await dryRun(folder), await runImport(folder, source, [])])
      expect(run).toMatchObject({ code: 2, stderr: expect.stringMatching(/customerNumber on line 3: .*as text/) });
    expect(await rowsOf(source)).toEqual([]);
    await write("11940001235");
    expect((await dryRun(folder)).stdout).toContain("2 understood");
    expect(JSON.parse((await runImport(folder, source, [])).stdout)).toMatchObject({ stored: 2, failed: 0 });
  });
});
