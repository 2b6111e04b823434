import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acceptedContentType } from "@/lib/core/raw-audio-type";
import { callNameReader } from "@/scripts/recordings/call-names/call-name-reader";
import { byName } from "@/scripts/recordings/describe-file";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "custodia-names-"))));
afterAll(() => rm(folder, { recursive: true }));

const defaults = { source: "pbx", unit: "vendas", queue: null, direction: "inbound" } as const;
const timeZone = "America/Sao_Paulo";

type Options = { bytes?: number; sides?: object; form?: string; channels?: "2" };

async function describe(file: string, { bytes = 10, sides = {}, form = "auto", channels }: Options = {}) {
  const full = path.join(folder, file);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, Buffer.alloc(bytes));
  const options = { timeZone, sides: new Map(Object.entries(sides) as ["in", "customer"][]), channels };
  const entry = await byName(callNameReader(form, timeZone), defaults, options)(full, 1);
  if (!("metadata" in entry)) throw new Error(entry.problem);
  return entry.metadata;
}

test("a call without an id gets one from name and size, the same in any folder and format", async () => {
  const { sourceCallId } = await describe("a/20261120104522.mp3");
  expect(sourceCallId).toMatch(/^file-[0-9a-f]{40}$/);
  expect((await describe("a/20261120104522.mp3")).sourceCallId).toBe(sourceCallId);
  expect((await describe("b/20261120104522.wav")).sourceCallId).toBe(sourceCallId);
  expect((await describe("b/20261120104522.mp3", { bytes: 11 })).sourceCallId).not.toBe(sourceCallId);
  expect((await describe("b/20261120104522_2.mp3")).sourceCallId).not.toBe(sourceCallId);
});

test("two sides without an id are one call, though their sizes differ; another folder has another call", async () => {
  const [sent, received, other] = [
    await describe("a/dump-2026-11-28-17-57-51-enc.wav"),
    await describe("a/dump-2026-11-28-17-57-51-dec.wav", { bytes: 12 }),
    await describe("b/dump-2026-11-28-17-57-51-enc.wav"),
  ];
  expect(received.sourceCallId).toBe(sent.sourceCallId);
  expect(other.sourceCallId).not.toBe(sent.sourceCallId);
  expect([sent.recordingLabel, received.recordingLabel]).toEqual(["agent", "customer"]);
});

test("a folder tells the side only if it is named as one", async () => {
  const sides = { in: "customer", out: "agent" };
  const name = "1795194202.42.wav";
  const [mix, customer, agent] = [
    await describe(`mix/${name}`, { sides }),
    await describe(`in/${name}`, { sides }),
    await describe(`out/${name}`, { sides }),
  ];
  expect([mix, customer, agent].map((call) => call.sourceCallId)).toEqual(Array(3).fill("1795194202.42"));
  expect([mix, customer, agent].map((call) => call.recordingLabel)).toEqual([undefined, "customer", "agent"]);
  expect((await describe(`in/${name}`)).recordingLabel).toBeUndefined();
});

test.each([
  ["wav", "audio/wav;channels=2", "audio/wav"],
  ["wav16", "audio/wav;channels=2", "audio/wav"],
  [
    "raw",
    "audio/l16;rate=8000;endianness=little-endian;channels=2",
    "audio/l16;rate=8000;channels=1;endianness=little-endian",
  ],
  ["alaw", "audio/pcma;rate=8000;channels=2", "audio/pcma;rate=8000"],
  ["ulaw", "audio/pcmu;rate=8000;channels=2", "audio/pcmu;rate=8000"],
  ["mp3", "audio/mpeg", "audio/mpeg"],
  ["gsm", "audio/gsm", "audio/gsm"],
  ["au", "audio/basic", "audio/basic"],
])("declares two channels of .%s as %s; without the option as %s", async (extension, two, usual) => {
  const name = `1795194202.42.${extension}`;
  const declared = [(await describe(name, { channels: "2" })).contentType, (await describe(name)).contentType];
  expect(declared).toEqual([two, usual]);
  for (const type of declared) expect(acceptedContentType(type)).toEqual(expect.any(String));
});

test("side and part of a template", async () => {
  const form = "{startedAt:yyyyMMdd}_{sourceCallId}_{side}_{part}";
  expect((await describe("20261120_7_agent_2.wav", { form })).recordingLabel).toBe("agent.part-2");
  expect((await describe("20261120_7__2.wav", { form })).recordingLabel).toBe("part-2");
  expect((await describe("20261120_7__.wav", { form })).recordingLabel).toBeUndefined();
});

test("a name of another form is a problem that says what would read it", async () => {
  await expect(describe("Gravacao 11940001234 2026-11-20 14-03-22.wav")).rejects.toThrow(
    '--names "{ignore} {customerNumber} {startedAt:yyyy-MM-dd HH-mm-ss}"',
  );
});
