import { copyFile, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { countDue } from "@/scripts/recordings/count-due";
import { audioFolder } from "../../../support/audio-fixtures";
import { operator } from "../../../support/people";
import { policyTerms } from "../../../support/policies";
import { call } from "../../../support/portal";
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

const root = path.resolve(import.meta.dirname, "../../../..");
const dayMs = 86_400_000;
const at = (days: number) => new Date(Date.now() - days * dayMs);
const stamp = (date: Date) => date.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
const named = (written: Date, channel = written) =>
  `${stamp(written)}-11940001234-1042-${Math.floor(channel.getTime() / 1000)}.42.wav`;

async function folderOf(...names: string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-due-"));
  const [audio] = (await readdir(audioFolder)).filter((name) => name.endsWith(".wav"));
  for (const name of names) await copyFile(path.join(audioFolder, audio!), path.join(folder, name));
  return folder;
}

async function command(name: "import" | "watch", folder: string, options: string[] = [], changes = {}) {
  const source = `s-${newId()}`;
  const result = await runCommand(
    path.join(root, "scripts/recordings.ts"),
    [
      ...[name, folder, "--url", server.origin, "--source", source, "--names", "auto", "--time-zone", "UTC"],
      ...["--unit", system.unitCode, ...options],
    ],
    { CUSTODIA_API_KEY: system.apiKey, ...changes },
  );
  const rows = await database().select().from(recordings).where(eq(recordings.source, source));
  return { ...result, rows };
}

const doubts = (rows: { dateDoubt: string | null; state: string }[]) =>
  rows.map(({ dateDoubt, state }) => `${state}: ${dateDoubt}`).sort();

test("import says what is due at once and under which policy, and sends nothing until that is accepted", async () => {
  const terms = policyTerms(30, { name: "Trinta dias", match: { unitId: system.unitId, direction: "outbound" } });
  await createRetentionPolicy(operator(), { terms, reason: "Teste", acknowledgedDue: 0 });
  const folder = await folderOf(named(at(2)), named(at(400)), named(at(401)), named(at(-30)));
  const said = /2 recordings are past their retention and would be deleted at once:\n {2}2 under the policy "/;
  const refused = await command("import", folder);
  expect(refused).toMatchObject({ code: 2, rows: [] });
  expect(refused.stderr).toMatch(said);
  expect(refused.stderr).toContain("1 recordings would begin in the future");
  expect(refused.stderr).toContain("--accept-due");

  const dry = await command("import", folder, ["--dry-run"]);
  expect(dry.stderr).toMatch(said);
  expect(dry.rows).toEqual([]);

  const outbound = await command(
    "import",
    await folderOf(`out-11940001234-1042-${named(at(40)).replace("-11940001234-1042", "")}`),
  );
  expect(outbound.stderr).toContain('1 under the policy "Trinta dias"');

  const accepted = await command("import", folder, ["--accept-due"]);
  expect(accepted.code).toBe(0);
  expect(accepted.stderr).toMatch(said);
  expect(doubts(accepted.rows)).toEqual(["stored: future", "stored: null", "stored: null", "stored: null"]);
});

test("import asks nothing when nothing is due", async () => {
  const result = await command("import", await folderOf(named(at(2)), named(at(3))));
  expect(result.code).toBe(0);
  expect(result.stderr).not.toContain("past their retention");
  expect(doubts(result.rows)).toEqual(["stored: null", "stored: null"]);
});

test("watch never asks: what is past its date is kept as doubtful", async () => {
  const folder = await folderOf(named(at(400)), named(at(2)));
  const result = await command("watch", folder, ["--once", "--settle", "0.1"]);
  expect(doubts(result.rows)).toEqual(["stored: null", "stored: past_retention"]);
});

test("a name whose date and channel id differ by more than a day is doubtful, also when due is accepted", async () => {
  const folder = await folderOf(named(at(2), at(400)), named(at(3), at(2.2)));
  const result = await command("import", folder, ["--accept-due"]);
  expect(doubts(result.rows)).toEqual(["stored: null", "stored: sender"]);
  expect(result.stderr).not.toContain("past their retention");
});

test("counts a long list in several requests, and none of a unit that does not exist", async () => {
  const client = { baseUrl: server.origin, apiKey: system.apiKey };
  async function* entries(unit: string) {
    for (let line = 1; line <= 250; line += 1)
      yield {
        ...{ line, file: "x.wav" },
        metadata: {
          ...{ source: "s", sourceCallId: `c-${line}`, unit, direction: "inbound" as const, contentType: "audio/wav" },
          startedAt: at(300 + Math.floor(line / 2)).toISOString(),
        },
      };
  }
  const { due, future } = await countDue(client, entries(system.unitCode));
  expect([[...due.values()], future]).toEqual([[250], 0]);
  expect((await countDue(client, entries("nenhuma"))).due.size).toBe(0);
});

test.each<[string, unknown, number]>([
  ["nothing", { arrivals: [] }, 422],
  ["a number", { arrivals: [{ ...given(), customerNumber: "+5511940001234" }] }, 422],
  ["too many", { arrivals: Array(101).fill(given()) }, 422],
  ["a word that is no date", { arrivals: [{ ...given(), startedAt: "ontem" }] }, 422],
  ["no recording", { arrivals: [{ ...given(), recordings: 0 }] }, 422],
])("the question of %s is refused", async (_, json, status) => {
  expect((await call("POST", "/api/recordings/due", { headers: system.headers, json })).status).toBe(status);
});

function given() {
  return { unit: "suporte", direction: "inbound", startedAt: "2019-03-04T10:15:00Z", recordings: 1 };
}
