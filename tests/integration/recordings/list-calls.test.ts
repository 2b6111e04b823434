import { and, desc, eq, sql, type SQL } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import type { OperationContext } from "@/lib/operation/operation";
import { showsCall } from "@/lib/recordings/call-rows";
import { numberColumns } from "@/lib/recordings/customer-number";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { readSearch } from "@/lib/recordings/references/read-search";
import { durationOrZero, recordingConditions } from "@/lib/recordings/recording-conditions";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { analyzeRecordings } from "../../support/analyze-recordings";
import { signedInAs, unit, type SignedIn } from "../../support/people";

type Row = typeof recordings.$inferInsert & { id: string; startedAt: Date; durationMs: number | null };
type Input = Parameters<typeof listRecordings>[1];

const minute = 60_000;
const customer = "+5511940001234";
const rows: Row[] = [];
let unitIds: string[];
let dpo: SignedIn;
let ofFirst: SignedIn;

const row = (call: number, unitId: string, startedAt: Date, changes: Partial<Row> = {}): Row => ({
  ...{ id: newId(), state: "pending", source: "central", sourceCallId: `call-${call}`, sourceRecordingId: newId() },
  ...{ uploadedByType: "service", uploadedById: newId(), unitId, direction: "inbound", startedAt },
  ...{ durationMs: null, contentType: "audio/wav", ...numberColumns(readNumber("3201")), ...changes },
});

/** 120 calls of one to four recordings, over two units; the legs of a call lie between those of other calls. */
beforeAll(async () => {
  unitIds = await Promise.all([1, 2].map(async () => (await unit()).unitId));
  for (let call = 0; call < 120; call += 1)
    for (let leg = 0; leg <= call % 4; leg += 1) {
      const startedAt = new Date(Date.UTC(2026, 0, 1, 12) + Math.floor(call / 3) * 5 * minute + leg * 7 * minute);
      rows.push(
        row(call, unitIds[(call + (leg > 1 ? 1 : 0)) % 2]!, startedAt, {
          ...{ durationMs: [null, 1000, 61_000, 5000, 61_000][(call + leg * 3) % 5]! },
          ...{ direction: (call + leg) % 3 ? "inbound" : "outbound" },
          ...{ state: (call + leg) % 7 === 0 ? "rejected" : "pending" },
          ...(leg === 1 ? numberColumns(readNumber(customer)) : {}),
        }),
      );
    }
  await database().insert(recordings).values(rows);
  dpo = await signedInAs("dpo");
  ofFirst = await signedInAs("supervisor", [unitIds[0]!]);
});

const sorts = [true, false].flatMap((descending) => [
  { key: "startedAt" as const, descending },
  { key: "duration" as const, descending },
]);

/** A plain model: of each call the recording that shows it, in the order of the list. */
function expected(matches: (row: Row) => boolean, { key, descending }: (typeof sorts)[number]): string[] {
  const rank = (of: Row) => (key === "startedAt" ? of.startedAt.getTime() : -(of.durationMs ?? 0));
  const refused = (of: Row) => Number(of.state === "rejected");
  const before = (left: Row, right: Row) =>
    refused(left) - refused(right) || rank(left) - rank(right) || (left.id < right.id ? -1 : 1);
  const value = (of: Row) => (key === "startedAt" ? of.startedAt.getTime() : (of.durationMs ?? 0));
  const calls = Map.groupBy(rows.filter(matches), ({ sourceCallId }) => sourceCallId);
  const shown = [...calls.values()].map((legs) => legs.toSorted(before)[0]!);
  const ascending = shown.sort((left, right) => value(left) - value(right) || (left.id < right.id ? -1 : 1));
  return (descending ? ascending.reverse() : ascending).map(({ id }) => id);
}

async function walk(context: OperationContext, input: Input): Promise<string[]> {
  const forwards: string[] = [];
  let page = await listRecordings(context, input);
  forwards.push(...page.rows.map(({ id }) => id));
  while (page.after) {
    page = await listRecordings(context, { ...input, after: page.after });
    forwards.push(...page.rows.map(({ id }) => id));
  }
  const backwards = page.rows.map(({ id }) => id);
  while (page.before) {
    page = await listRecordings(context, { ...input, before: page.before });
    backwards.unshift(...page.rows.map(({ id }) => id));
  }
  expect(backwards).toEqual(forwards);
  return forwards;
}

const inUnit = (unitId: string) => (of: Row) => of.unitId === unitId;

describe.each(sorts)("the list by $key, descending: $descending", (sort) => {
  test.each<[string, () => Partial<Input>, (of: Row) => boolean]>([
    ["without filters", () => ({}), () => true],
    ["of a direction", () => ({ direction: "outbound" }), ({ direction }) => direction === "outbound"],
    ["of a state", () => ({ state: "rejected" }), ({ state }) => state === "rejected"],
    ["of a unit", () => ({ unitId: unitIds[1] }), (of) => inUnit(unitIds[1]!)(of)],
    ["of at least a minute", () => ({ minSeconds: 60 }), ({ durationMs }) => (durationMs ?? 0) >= minute],
  ])("%s shows each call once, by a recording that matches", async (_, filters, matches) => {
    for (const limit of [11, 200])
      expect(await walk(await dpo.context(), { ...filters(), sort, limit })).toEqual(expected(matches, sort));
  });

  test("of a supervisor shows each call by a recording of the own units", async () => {
    const own = inUnit(unitIds[0]!);
    expect(await walk(await ofFirst.context(), { sort, limit: 13 })).toEqual(expected(own, sort));
    const outbound = await walk(await ofFirst.context(), { sort, limit: 13, direction: "outbound" });
    expect(outbound).toEqual(expected((of) => own(of) && of.direction === "outbound", sort));
  });
});

describe("a call's row", () => {
  const totalsOf = async (who: SignedIn) => {
    const { rows: shown } = await listRecordings(await who.context(), { limit: 200 });
    return new Map(shown.map(({ sourceCallId, call }) => [sourceCallId, call]));
  };
  const modelOf = (matches: (of: Row) => boolean) => {
    const calls = Map.groupBy(rows.filter(matches), ({ sourceCallId }) => sourceCallId);
    return new Map(
      [...calls].map(([callId, legs]) => {
        const parts = legs.filter(({ state }) => state !== "rejected");
        const known = parts.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
        const durationMs = known.length === 0 ? null : known.reduce((sum, ms) => sum + ms, 0);
        return [callId, { recordings: parts.length, durationMs, isHeld: false }];
      }),
    );
  };

  test("counts its recordings and their duration, without refused uploads", async () => {
    expect(await totalsOf(dpo)).toEqual(modelOf(() => true));
  });

  test("counts for a supervisor what is of the own units, and hints at nothing else", async () => {
    expect(await totalsOf(ofFirst)).toEqual(modelOf(inUnit(unitIds[0]!)));
  });
});

describe("a search by number", () => {
  const callsOf = async (who: SignedIn, filters: Partial<Input> = {}) => {
    const { token: number } = await readSearch(await who.context(), { text: customer, by: "number" });
    const { rows: shown } = await listRecordings(await who.context(), { number, limit: 200, ...filters });
    return shown.map(({ sourceCallId }) => sourceCallId).sort();
  };
  const callsWith = (...conditions: ((of: Row) => boolean)[]) =>
    [...Map.groupBy(rows, ({ sourceCallId }) => sourceCallId)]
      .filter(([, legs]) => conditions.every((condition) => legs.some(condition)))
      .map(([callId]) => callId)
      .sort();
  const hasNumber = ({ numberKind }: Row) => numberKind === "number";

  test("finds a call by any of its recordings, also with a filter that another one matches", async () => {
    expect(await callsOf(dpo)).toEqual(callsWith(hasNumber));
    const found = await callsOf(dpo, { unitId: unitIds[1], direction: "outbound" });
    expect(found).toEqual(callsWith(hasNumber, (of) => inUnit(unitIds[1]!)(of) && of.direction === "outbound"));
    const both = callsWith((of) => hasNumber(of) && inUnit(unitIds[1]!)(of) && of.direction === "outbound");
    expect(found.length).toBeGreaterThan(both.length);
  });

  test("does not lead a supervisor to a call by a number that only another unit has", async () => {
    const own = inUnit(unitIds[0]!);
    expect(await callsOf(ofFirst)).toEqual(callsWith((of) => hasNumber(of) && own(of)));
    expect((await callsOf(dpo, { unitId: unitIds[0] })).length).toBeGreaterThan((await callsOf(ofFirst)).length);
  });
});

test("pages read indexes in list order, and each row's call by the index of calls", async () => {
  await database().execute(sql`
    insert into recordings (id, state, source, source_call_id, source_recording_id, uploaded_by_type, uploaded_by_id,
      unit_id, direction, started_at, content_type, duration_ms)
    select gen_random_uuid(), 'pending', 'plan', (n / 2)::text, n::text, 'service', gen_random_uuid(),
      case when n / 2 % 50 = 0 then ${unitIds[0]}::uuid else ${unitIds[1]}::uuid end, 'inbound',
      timestamptz '2024-01-01' + n * interval '31 seconds', 'audio/wav', n % 7919
    from generate_series(1, 20000) n`);
  await analyzeRecordings();
  const own = eq(recordings.unitId, unitIds[0]!);
  const planOf = async (order: "startedAt" | "duration", ...conditions: SQL[]) => {
    const sort = order === "startedAt" ? recordings.startedAt : durationOrZero;
    const page = database()
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(...conditions, showsCall(conditions, order)))
      .orderBy(desc(sort), desc(recordings.id))
      .limit(51);
    return JSON.stringify(await database().execute(sql`explain ${page}`));
  };
  const plans = {
    recordings_started: await planOf("startedAt", ...recordingConditions({ direction: "inbound" }, sql`true`)),
    recordings_unit_started: await planOf("startedAt", own),
    recordings_duration: await planOf("duration", ...recordingConditions({ minSeconds: 1 }, sql`true`)),
  };
  for (const [index, plan] of Object.entries(plans)) {
    expect(plan).toContain(`${index} on recordings`);
    expect(plan).toContain("recordings_source_recording");
    expect(plan).not.toMatch(/Seq Scan|Sort|Hash/);
  }
});
