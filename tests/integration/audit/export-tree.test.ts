import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { beforeAll, describe, expect, it } from "vitest";
import { planExport, type ExportPlan } from "@/lib/audit/export/export-plan";
import { writeExport } from "@/lib/audit/export/export-writer";
import { verifyExport } from "@/lib/audit/export/verify-export";
import { configuredPublicKeys, currentSigningKey, readPublicKeys, type PublicKeys } from "@/lib/audit/signing-keys";
import { publishTree } from "@/lib/audit/tree/publish-tree";
import { readCheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import { signatureLine } from "@/lib/audit/tree/signed-note";
import { closeDatabase, database } from "@/lib/db/client";
import { configuredStore } from "@/lib/storage/configured-store";
import { append, asAttacker, beginEpoch, emptyLog, seal } from "../../support/log-under-test";
import { endSigned, tamperedBatches, tamperedSelection, tamperedStarts } from "../../support/tampered-exports";

const check = (lines: string[], keys: PublicKeys = configuredPublicKeys()) =>
  verifyExport(Readable.from([Buffer.from(`${lines.join("\n")}\n`)]), keys);

async function written(plan: Partial<ExportPlan>, filters: ExportPlan["filters"] = {}): Promise<string[]> {
  let text = "";
  for await (const piece of writeExport(database(), { ...(await planExport(database(), filters)), ...plan }))
    text += piece.toString();
  return text.trimEnd().split("\n");
}

/** Seals 1 and 2 of a version without trees, 3 to 6 in one tree, 7 and 8 in the tree of another epoch. */
let middle: string[];
let middleSelection: string[];
let both: string[];
let whole: string[];
let selection: string[];

beforeAll(async () => {
  await emptyLog();
  for (const count of [2, 1]) {
    await append(count);
    await seal();
  }
  await asAttacker((sql) => sql`truncate audit_checkpoints`);
  for (const count of [4, 3, 6, 2]) {
    await append(count);
    await seal();
  }
  await publishTree(configuredStore(), database(), new Date(Date.now() + 2 * 60 * 60_000));
  middle = await written({ firstSeal: 4, lastSeal: 5 });
  middleSelection = await written({ firstSeal: 4, lastSeal: 5 }, { action: ["recording.play_granted"] });
  await beginEpochOf("restored-1-1-1");
  for (const count of [3, 2]) {
    await append(count);
    await seal();
  }
  both = await written({ firstSeal: 3 });
  whole = await written({});
  selection = await written({}, { outcome: "success", action: ["recording.play_granted"] });
});

/** As after a restore: sessions of the database see another epoch. */
async function beginEpochOf(epoch: string): Promise<void> {
  await asAttacker(async (sql) => {
    const [row] = await sql<{ name: string }[]>`select current_database() as name`;
    await sql.unsafe(`alter database "${row!.name}" set custodia.epoch = '${epoch}'`);
  });
  await closeDatabase();
  await beginEpoch();
}

describe("an export by period", () => {
  it("gives the root of a published checkpoint, with the hashes to its left and right", async () => {
    const { section } = JSON.parse(middle[1]!) as { section: { range: { before: number; left: []; right: [] } } };
    const published = (await readCheckpointRow(database(), 6))!;
    expect(published.publishedAt).not.toBeNull();
    expect(section).toMatchObject({ origin: published.origin, checkpoint: published.note, range: { before: 5 } });
    expect([section.range.left.length, section.range.right.length > 0]).toEqual([2, true]);
    expect(await check(middle)).toMatchObject({
      verdict: "whole",
      events: 9,
      sealsWithoutTree: 0,
      trees: [
        { firstSeal: 4, lastSeal: 5, events: 9, checkpoint: { size: 16, root: published.root.toString("base64") } },
      ],
    });
  });

  it.each(tamperedBatches)("names and refuses $what", async ({ change, problem, verdict = "broken" }) => {
    const signer = currentSigningKey();
    const report = await check(endSigned(change(middle, signer), signer));
    expect(report.verdict).toBe(verdict);
    expect(report.problems.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(problem));
  });

  it("takes a checkpoint that others signed, too", async () => {
    const witness = signatureLine({ name: "witness.example", keyId: "01020304", signature: Buffer.alloc(72, 7) });
    const line = JSON.parse(middle[1]!) as { section: { checkpoint: string } };
    const cosigned = JSON.stringify({ section: { ...line.section, checkpoint: line.section.checkpoint + witness } });
    expect(await check(endSigned(middle.with(1, cosigned), currentSigningKey()))).toMatchObject({ verdict: "whole" });
  });
});

describe("an export of several trees", () => {
  it("has one section for each, and one for seals of a version without trees", async () => {
    const report = await check(whole);
    expect(report).toMatchObject({ verdict: "whole", firstSeal: 1, lastSeal: 8, sealsWithoutTree: 2, problems: [] });
    expect(report.trees.map(({ firstSeal, lastSeal }) => [firstSeal, lastSeal])).toEqual([
      [3, 6],
      [7, 8],
    ]);
    expect(report.trees[1]!.checkpoint.origin).toMatch(/\/restored-1-1-1\/7$/);
    expect(await check(both)).toMatchObject({ verdict: "whole", sealsWithoutTree: 0, trees: [{}, {}] });
  });

  it.each(tamperedStarts)("names and refuses $what", async ({ change, problem }) => {
    const signer = currentSigningKey();
    const report = await check(endSigned(change(both, signer), signer));
    expect(report.verdict).toBe("broken");
    expect(report.problems.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(problem));
  });

  it("refuses another tree in the same epoch", async () => {
    const [one, two] = [await written({ firstSeal: 3, lastSeal: 4 }), await written({ firstSeal: 5, lastSeal: 6 })];
    const joined = [...one.slice(0, -1), ...two.slice(1)];
    const { problems } = await check(endSigned(joined, currentSigningKey()));
    expect(problems.map(({ detail }) => detail)).toEqual(["seal 5 begins another tree in the same epoch"]);
  });
});

describe("a filtered export", () => {
  it("proves each event in the tree of its section", async () => {
    const report = await check(selection);
    expect(report).toMatchObject({ verdict: "whole", scope: "selection", sealsWithoutTree: 2, problems: [] });
    expect(report.trees.map(({ firstSeal, lastSeal, events }) => [firstSeal, lastSeal, events])).toEqual([
      [3, 6, 15],
      [7, 8, 5],
    ]);
  });

  it("begins in the midst of a tree", async () => {
    expect(await check(middleSelection)).toMatchObject({
      verdict: "whole",
      trees: [{ events: 9, checkpoint: { size: 16 } }],
    });
  });

  it.each(tamperedSelection)("names and refuses $what", async ({ change, problem }) => {
    const signer = currentSigningKey();
    const report = await check(endSigned(change(middleSelection, signer), signer));
    expect(report.verdict).toBe("broken");
    expect(report.problems.map(({ detail }) => detail)).toContainEqual(expect.stringMatching(problem));
  });
});

describe("an export of version 1", () => {
  const fixture = (name: string) =>
    readFileSync(new URL(`../../fixtures/audit/${name}`, import.meta.url), "utf8").trimEnd();
  const lines = (name: string) => fixture(name).split("\n");
  const keys = readPublicKeys(fixture("keys-v1.pem"));

  it.each(["export-v1.jsonl", "selection-v1.jsonl"])("verifies as before: %s", async (name) => {
    const report = await check(lines(name), keys);
    expect(report).toMatchObject({ verdict: "whole", seals: 3, trees: [], sealsWithoutTree: 3, problems: [] });
  });

  it("is refused with lines of version 2, or with a change", async () => {
    const old = lines("export-v1.jsonl");
    for (const line of [...whole.filter((other) => /^\{"(section|tree)":/.test(other))])
      expect((await check(old.toSpliced(1, 0, line), keys)).problems).toContainEqual({
        line: 2,
        detail: "is not a line of an export",
      });
    const changed = old.map((line) => line.replace('"outcome":"success"', '"outcome":"denied"'));
    expect(await check(changed, keys)).toMatchObject({ verdict: "broken" });
  });
});

it("needs no checkpoint between, and without leaves it tells that it is not in the tree", async () => {
  const play = { action: ["recording.play_granted" as const] };
  await asAttacker((sql) => sql`update audit_checkpoints set frontier = set_byte(frontier, 3, 7) where sequence = 3`);
  expect((await written({ firstSeal: 4, lastSeal: 5 }))[1]).toBe(middle[1]);
  await asAttacker((sql) => sql`delete from audit_checkpoints where sequence = 4`);
  for (const filters of [{}, play]) {
    const { verdict, problems } = await check(await written({ firstSeal: 5, lastSeal: 6 }, filters));
    expect(verdict).toBe("broken");
    expect(problems[0]!.detail).toMatch(/the frontier has 0 hashes|is not at this place in the tree/);
  }
});
