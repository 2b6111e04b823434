import { addDays } from "date-fns/addDays";
import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { agents, legalHoldRecordings, legalHolds, queues, recordings } from "@/lib/db/schema";
import { encodeCursor } from "@/lib/core/keyset-cursor";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { numberColumns } from "@/lib/recordings/customer-number";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { listRecordingFacets } from "@/lib/recordings/list-recording-facets";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { readSearch } from "@/lib/recordings/references/read-search";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { readRecording } from "@/lib/recordings/read-recording";
import { signedInAs, unit, type SignedIn } from "../../support/people";
import { defaultPolicy } from "../../support/uploads";

type Row = typeof recordings.$inferInsert & { startedAt: Date };

const pick = <Value>(values: readonly Value[], index: number): Value => values[index % values.length]!;
const rows: Row[] = [];
const heldIds = new Set<string>();
let unitIds: string[];
let queueIds: string[];
let agentIds: string[];
let dpo: SignedIn;
let ofTwo: SignedIn;

beforeAll(async () => {
  const retentionPolicyId = await defaultPolicy();
  unitIds = await Promise.all(Array.from({ length: 3 }, async () => (await unit()).unitId));
  queueIds = unitIds.map(() => newId());
  agentIds = unitIds.map(() => newId());
  await database()
    .insert(queues)
    .values(unitIds.map((unitId, index) => ({ id: queueIds[index]!, unitId, code: "q" })));
  await database()
    .insert(agents)
    .values(unitIds.map((unitId, index) => ({ id: agentIds[index]!, unitId, code: "a" })));
  const numbers = ["+5511987654321", "+551187654321", "+5511987650000", "+5521987654321", "+14155550123", null];
  for (let index = 0; index < 360; index += 1) {
    const at = pick([0, 1, 2, 1, 0], index);
    const state = pick(["stored", "stored", "pending", "stored", "rejected"] as const, index * 7);
    // Twelve calls with each start time: pages must not lose or repeat calls of the same time.
    const startedAt = new Date(Date.UTC(2026, 0, 1 + Math.floor(index / 12), 2, 30));
    const id = newId();
    rows.push({
      ...{
        id,
        state,
        source: "central",
        sourceCallId: id,
        sourceRecordingId: id,
        uploadedByType: "service",
        uploadedById: newId(),
        unitId: unitIds[at]!,
        startedAt,
      },
      ...{
        queueId: index % 3 ? queueIds[at] : null,
        agentId: index % 4 ? agentIds[at] : null,
        direction: pick(["inbound", "outbound", "internal"] as const, index * 5),
        callKind: pick([null, "sale", "complaint"], index * 3),
      },
      ...{
        durationMs: pick([null, 0, 999, 1000, 60_000, 61_500], index * 11),
        ...numberColumns(readNumber(pick(numbers, index * 13) ?? "")),
        contentType: "audio/wav",
        sizeBytes: 1,
        sha256: Buffer.alloc(32),
      },
      ...(state === "stored"
        ? { objectKey: `recordings/${id}`, storedAt: addDays(startedAt, -8), retainUntil: startedAt, retentionPolicyId }
        : {}),
    });
  }
  // Not in the order of their ids.
  for (const row of rows.toSorted((left, right) => left.id.slice(-6).localeCompare(right.id.slice(-6))))
    await database().insert(recordings).values(row);
  dpo = await signedInAs("dpo");
  const { userId: ownerId } = dpo;
  const holdId = newId();
  await database().insert(legalHolds).values({
    id: holdId,
    matter: "Processo 0001",
    reason: "Ação em curso",
    ownerId,
    placedById: ownerId,
    reviewOn: "2099-01-31",
  });
  for (const recordingId of rows.filter((_, index) => index % 10 === 3).map(({ id }) => id)) heldIds.add(recordingId);
  await database()
    .insert(legalHoldRecordings)
    .values(
      [...heldIds].map((recordingId, index) => ({
        holdId,
        recordingId,
        releasedAt: index % 4 === 0 ? new Date() : null,
      })),
    );
  for (const [index, recordingId] of [...heldIds].entries()) if (index % 4 === 0) heldIds.delete(recordingId);
  ofTwo = await signedInAs("supervisor", unitIds.slice(0, 2));
});

type Input = Parameters<typeof listRecordings>[1];
type Sort = { key: "startedAt" | "duration"; descending: boolean };
type Case = { name: string; filters: Partial<Input>; matches: (row: Row) => boolean };

/** A plain model of the list. */
function expected(matches: (row: Row) => boolean, sort: Sort): string[] {
  const value = (row: Row) => (sort.key === "startedAt" ? row.startedAt.getTime() : (row.durationMs ?? 0));
  const ascending = rows
    .filter(matches)
    .sort((left, right) => value(left) - value(right) || (left.id < right.id ? -1 : 1));
  return (sort.descending ? ascending.reverse() : ascending).map(({ id }) => id);
}

/** All pages one after the other, and then back again. */
async function walk(context: OperationContext, input: Input): Promise<{ forwards: string[]; backwards: string[] }> {
  const forwards: string[] = [];
  const backwards: string[] = [];
  let page = await listRecordings(context, input);
  expect(page.before).toBeNull();
  forwards.push(...page.rows.map(({ id }) => id));
  while (page.after) {
    page = await listRecordings(context, { ...input, after: page.after });
    forwards.push(...page.rows.map(({ id }) => id));
  }
  backwards.unshift(...page.rows.map(({ id }) => id));
  while (page.before) {
    page = await listRecordings(context, { ...input, before: page.before });
    backwards.unshift(...page.rows.map(({ id }) => id));
  }
  return { forwards, backwards };
}

const sorts: Sort[] = [true, false].flatMap((descending) => [
  { key: "startedAt" as const, descending },
  { key: "duration" as const, descending },
]);
const is =
  <Key extends keyof Row>(key: Key, value: Row[Key]) =>
  (row: Row) =>
    row[key] === value;

function cases(): Case[] {
  const day = (text: string) => Date.parse(`${text}T03:00:00Z`);
  const simple: Case[] = [
    { name: "everything", filters: {}, matches: () => true },
    // 02:30 UTC is still the day before in São Paulo.
    {
      name: "period",
      filters: { from: "2026-01-05", to: "2026-01-12" },
      matches: ({ startedAt }) => startedAt.getTime() >= day("2026-01-05") && startedAt.getTime() < day("2026-01-13"),
    },
    {
      name: "one day",
      filters: { from: "2026-01-08", to: "2026-01-08" },
      matches: ({ startedAt }) => startedAt.toISOString().startsWith("2026-01-09T02:30"),
    },
    { name: "unit", filters: { unitId: unitIds[1] }, matches: is("unitId", unitIds[1]!) },
    { name: "queue", filters: { queueId: queueIds[0] }, matches: is("queueId", queueIds[0]!) },
    { name: "agent", filters: { agentId: agentIds[1] }, matches: is("agentId", agentIds[1]!) },
    { name: "direction", filters: { direction: "outbound" }, matches: is("direction", "outbound") },
    { name: "kind of call", filters: { callKind: "sale" }, matches: is("callKind", "sale") },
    { name: "at least a second", filters: { minSeconds: 1 }, matches: ({ durationMs }) => (durationMs ?? 0) >= 1000 },
    { name: "at most a minute", filters: { maxSeconds: 60 }, matches: ({ durationMs }) => (durationMs ?? 0) < 61_000 },
    { name: "state", filters: { state: "rejected" }, matches: is("state", "rejected") },
    // Their deletion date is the day of the call; recordings that are not stored have none.
    {
      name: "due",
      filters: { dueFrom: "2026-01-10", dueTo: "2026-01-20" },
      matches: ({ state, startedAt }) =>
        state === "stored" && startedAt.getTime() >= day("2026-01-10") && startedAt.getTime() < day("2026-01-21"),
    },
    { name: "held", filters: { held: "yes" }, matches: ({ id }) => heldIds.has(id!) },
    { name: "not held", filters: { held: "no" }, matches: ({ id }) => !heldIds.has(id!) },
    { name: "nothing at all", filters: { from: "2027-01-01" }, matches: () => false },
  ];
  const pairs = simple.slice(1, -1).flatMap((left, index) =>
    simple
      .slice(index + 2, -1)
      .filter((right) => !Object.keys(right.filters).some((key) => key in left.filters))
      .map((right) => ({
        name: `${left.name} and ${right.name}`,
        filters: { ...left.filters, ...right.filters },
        matches: (row: Row) => left.matches(row) && right.matches(row),
      })),
  );
  return [...simple, ...pairs];
}

describe("pages", () => {
  test("of every sort, filter and pair of filters match a plain model, in both directions", async () => {
    const context = await dpo.context();
    const all = cases();
    expect(all.length).toBeGreaterThan(60);
    const single = all.findIndex(({ name }) => name === "nothing at all") + 1;
    for (const [index, { name, filters, matches }] of all.entries()) {
      // Every sort for single filters, one sort for each pair.
      for (const sort of index < single ? sorts : [sorts[index % 4]!]) {
        const wanted = expected(matches, sort);
        const { forwards, backwards } = await walk(context, { ...filters, sort, limit: index < single ? 100 : 200 });
        expect(forwards, `${name}, ${sort.key}`).toEqual(wanted);
        expect(backwards, `${name}, ${sort.key}, backwards`).toEqual(wanted);
      }
    }
  });

  test.each(sorts)("of a supervisor hold the union of their units: $key, descending $descending", async (sort) => {
    const own = new Set(unitIds.slice(0, 2));
    for (const limit of [7, 12, 100]) {
      const { forwards, backwards } = await walk(await ofTwo.context(), { sort, limit });
      expect(forwards).toEqual(expected(({ unitId }) => own.has(unitId), sort));
      expect(backwards).toEqual(forwards);
    }
  });

  test("of a supervisor are empty for another unit, and for one with no unit", async () => {
    const foreign = await listRecordings(await ofTwo.context(), { unitId: unitIds[2] });
    expect(foreign.rows).toEqual([]);
    const none = await signedInAs("supervisor");
    expect(await listRecordings(await none.context(), {})).toEqual({ rows: [], before: null, after: null });
    expect(await listRecordingFacets(await none.context(), {})).toMatchObject({
      units: [],
      queues: [],
      agents: [],
      policies: [{ id: rows.find(is("state", "stored"))!.retentionPolicyId }],
    });
  });

  test("filtered by policy hold its recordings, for a supervisor those of their units", async () => {
    const { retentionPolicyId: policyId } = rows.find(is("state", "stored"))!;
    const own = await walk(await ofTwo.context(), { policyId: policyId!, dueTo: "2026-01-20", limit: 40 });
    const due = ({ state, unitId, startedAt }: Row) =>
      state === "stored" && unitId !== unitIds[2] && startedAt < new Date("2026-01-21T03:00:00Z");
    expect(own.forwards).toEqual(expected(due, { key: "startedAt", descending: true }));
    expect(own.backwards).toEqual(own.forwards);
    expect((await listRecordings(await dpo.context(), { policyId: newId() })).rows).toEqual([]);
  });

  test("of a supervisor follow their units at once", async () => {
    const moving = await signedInAs("supervisor", [unitIds[2]!]);
    const { rows: before } = await listRecordings(await moving.context(), { limit: 200 });
    expect(before.length).toBe(rows.filter(is("unitId", unitIds[2]!)).length);
    await database().execute(sql`update user_units set unit_id = ${unitIds[0]!} where user_id = ${moving.userId}`);
    const { rows: after } = await listRecordings(await moving.context(), { limit: 200 });
    expect(after.map(({ id }) => id).sort()).toEqual(
      rows
        .filter(is("unitId", unitIds[0]!))
        .map(({ id }) => id)
        .sort(),
    );
  });

  test("offer a supervisor the facets of their units only", async () => {
    const { units, queues: offered, agents: people } = await listRecordingFacets(await ofTwo.context(), {});
    expect(units.map(({ id }) => id).sort()).toEqual(unitIds.slice(0, 2).sort());
    expect(offered.map(({ id }) => id).sort()).toEqual(queueIds.slice(0, 2).sort());
    expect(people.map(({ id }) => id).sort()).toEqual(agentIds.slice(0, 2).sort());
    expect((await listRecordingFacets(await ofTwo.context(), { unitId: unitIds[2] })).queues).toEqual([]);
  });
});

describe("invalid cursors", () => {
  const id = newId();
  const cursor = (value: string, of = id) => encodeCursor({ value, id: of });
  test.each([
    "x",
    "",
    "%00",
    "a".repeat(200),
    cursor("2026-99-99T00:00:00.000Z"),
    cursor("2026-02-30T00:00:00.000Z"),
    cursor("0000-01-01T00:00:00.000Z"),
    cursor("now"),
    cursor("infinity"),
    cursor("2026-01-01T00:00:00.000Z", "-".repeat(36)),
    cursor("2026-01-01T00:00:00.000Z'; --"),
    cursor("12"),
  ])("%s", async (after) => {
    for (const input of [{ after }, { before: after }])
      await expect(listRecordings(await dpo.context(), input)).rejects.toMatchObject({ code: "invalid_input" });
  });
  test.each([
    cursor("99999999999"),
    cursor("2147483648"),
    cursor("-1"),
    cursor("1.5"),
    cursor("2026-01-01T00:00:00.000Z"),
  ])("%s, by duration", async (after) => {
    await expect(
      listRecordings(await dpo.context(), { after, sort: { key: "duration", descending: true } }),
    ).rejects.toMatchObject({ code: "invalid_input" });
  });
  test("a cursor of an unknown row is still a valid position", async () => {
    const page = await listRecordings(await dpo.context(), { after: cursor("2026-01-10T02:30:00.000Z"), limit: 5 });
    expect(page.rows).toHaveLength(5);
  });
});

describe("a customer's number", () => {
  const find = async (who: SignedIn, number: string, numberMatch?: "exact" | "candidate") => {
    const { token } = await readSearch(await who.context(), { text: number, by: "number" });
    expect(token).not.toMatch(/\d{8}/);
    return (await listRecordings(await who.context(), { number: token, numberMatch, limit: 200 })).rows;
  };
  const having = (...numbers: string[]) =>
    rows
      .filter((_, index) =>
        numbers.includes(
          pick(["+5511987654321", "+551187654321", "+5511987650000", "+5521987654321", "+14155550123", ""], index * 13),
        ),
      )
      .map(({ id }) => id)
      .sort();

  test.each([
    ["0055 11 98765 4321", "+5511987654321", "+551187654321"],
    ["(11) 98765-4321", "+5511987654321", "+551187654321"],
    ["11987654321", "+5511987654321", "+551187654321"],
    ["+55 11 98765-4321", "+5511987654321", "+551187654321"],
    ["(11) 8765-4321", "+551187654321", "+5511987654321"],
    ["+551187654321", "+551187654321", "+5511987654321"],
  ])("%s finds its calls, and apart the candidates with or without the ninth digit", async (number, exact, other) => {
    const ids = async (match: "exact" | "candidate") => (await find(dpo, number, match)).map(({ id }) => id).sort();
    expect(await ids("exact")).toEqual(having(exact));
    expect(await ids("candidate")).toEqual(having(other));
  });

  test("four digits find what ends in them, as candidates, in the units of a supervisor", async () => {
    const ending = having("+5511987654321", "+551187654321", "+5521987654321");
    for (const match of ["exact", "candidate", undefined] as const)
      expect((await find(dpo, "4321", match)).map(({ id }) => id).sort()).toEqual(ending);
    expect(await find(dpo, "4322")).toEqual([]);
    const own = new Set(rows.filter(({ unitId }) => unitIds.slice(0, 2).includes(unitId)).map(({ id }) => id));
    const found = await find(ofTwo, "4321");
    expect(found.map(({ id }) => id).sort()).toEqual(ending.filter((id) => own.has(id)));
    for (const { number } of found) expect(number).toMatch(/^\(\d\d\) •{4,5}-4321$/);
  });

  test("a token of before, which a bookmark has, finds the same", async () => {
    const digests = [blindIndex("customer_number", "+5511987654321"), blindIndex("customer_number_tail", "1187654321")];
    const list = async (number: string, numberMatch?: "candidate") =>
      (await listRecordings(await dpo.context(), { number, numberMatch, limit: 200 })).rows.map(({ id }) => id).sort();
    const bookmark = Buffer.concat(digests).toString("base64url");
    expect(await list(bookmark)).toEqual(having("+5511987654321"));
    expect(await list(bookmark, "candidate")).toEqual(having("+551187654321"));
    expect(await list(digests[0]!.toString("base64url"))).toEqual(having("+5511987654321"));
    expect(await list(digests[0]!.toString("base64url"), "candidate")).toEqual([]);
  });

  test("does not match another area code; a foreign number is matched as a whole", async () => {
    expect((await find(dpo, "(21) 98765-4321")).map(({ id }) => id).sort()).toEqual(having("+5521987654321"));
    expect((await find(dpo, "+1 415 555 0123")).map(({ id }) => id).sort()).toEqual(having("+14155550123"));
    expect(await find(dpo, "(31) 99999-0000")).toEqual([]);
  });

  test("finds only the calls of their units for a supervisor, masked", async () => {
    const own = new Set(rows.filter(({ unitId }) => unitIds.slice(0, 2).includes(unitId)).map(({ id }) => id));
    const found = await find(ofTwo, "(11) 98765-4321");
    expect(found.map(({ id }) => id).sort()).toEqual(having("+5511987654321").filter((id) => own.has(id)));
    for (const { number } of found) expect(number).toMatch(/^\(11\) •{4,5}-4321$/);
  });

  test.each([
    ["dpo", "(11) 98765-4321"],
    ["supervisor", "(11) •••••-4321"],
    ["auditor", "(11) •••••-4321"],
    ["admin", "(11) •••••-4321"],
  ] as const)("is shown to the %s as %s", async (role, shown) => {
    const who = await signedInAs(role, role === "supervisor" ? unitIds : []);
    const [id] = having("+5511987654321");
    expect((await readRecording(await who.context(), { recordingId: id! })).number).toBe(shown);
    const list = await listRecordings(await who.context(), { limit: 200 });
    const text = JSON.stringify(list.rows);
    expect(text.includes("98765")).toBe(role === "dpo");
  });

  test.each(["", "abc", "123", "12345", "98765-4321", "x".repeat(65), "+55 (11) 0000"])(
    "is refused as invalid: %j",
    async (number) => {
      await expect(readSearch(await dpo.context(), { text: number, by: "number" })).rejects.toMatchObject({
        code: "invalid_input",
      });
    },
  );

  test.each([
    ...["x", "AAAA", "98765-4321", Buffer.alloc(33).toString("base64url"), ""],
    ...[
      [2, 0],
      [2, 1],
      [3, 1, ...Array(32).fill(0)],
      [2, 16, ...Array(32).fill(0)],
    ].map((bytes) => Buffer.from(bytes as number[]).toString("base64url")),
  ])("refuses the token %j", async (number) => {
    const answered = listRecordings(await dpo.context(), { number });
    if (number === "") expect((await answered).rows.length).toBeGreaterThan(0);
    else await expect(answered).rejects.toMatchObject({ code: "invalid_input" });
  });
});

test("no response holds an object key or a digest", async () => {
  const list = await listRecordings(await dpo.context(), { limit: 200 });
  const one = await readRecording(await dpo.context(), { recordingId: list.rows[0]!.id });
  expect(JSON.stringify([list, one])).not.toMatch(/objectKey|recordings\/|numberIndex|Encrypted/i);
});
