import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { legalHolds } from "@/lib/db/schema";
import { listHoldFacets } from "@/lib/legal-holds/list-hold-facets";
import { listHoldRecordings } from "@/lib/legal-holds/list-hold-recordings";
import { listHolds } from "@/lib/legal-holds/list-holds";
import { listRecordingHolds } from "@/lib/legal-holds/list-recording-holds";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { readHold } from "@/lib/legal-holds/read-hold";
import { readHoldHistory } from "@/lib/legal-holds/read-hold-history";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";
import { contextOf, expectRefusal, person, type Person } from "../../support/actors";
import { facts, manyRecordings } from "../../support/holds";

const again = ({ actor }: Person) => contextOf(actor);

let dpo: Person;
let auditor: Person;
let supervisor: Person;
let stranger: Person;
let own: Awaited<ReturnType<typeof unitWithQueue>>;
let recordingIds: string[];
/** A hold of the DPO over two units, and one of the supervisor over their own. */
let wide: string;
let narrow: string;

beforeAll(async () => {
  await policy(90);
  own = await unitWithQueue();
  const foreign = await unitWithQueue();
  [dpo, auditor, supervisor, stranger] = await Promise.all([
    person("dpo"),
    person("auditor"),
    person("supervisor", { unitIds: [own.unitId] }),
    person("supervisor", { unitIds: [own.unitId] }),
  ]);
  recordingIds = await manyRecordings(5, { ...own, startedAt: daysAgo(10) });
  const { id } = await storedRecording({ ...foreign, startedAt: daysAgo(10) });
  wide = (await placeHold(again(dpo), { ...facts(dpo.userId), selection: { recordingIds: [...recordingIds, id] } }))
    .holdId;
  narrow = (
    await placeHold(again(supervisor), {
      ...facts(supervisor.userId),
      matter: "Reclamação",
      selection: { recordingIds: recordingIds.slice(0, 2) },
    })
  ).holdId;
});

describe("a supervisor", () => {
  it("sees only the holds that they placed or are responsible for", async () => {
    expect((await listHolds(again(supervisor), {})).rows.map(({ id }) => id)).toEqual([narrow]);
    expect((await listHolds(again(stranger), {})).rows).toEqual([]);
    expect((await listHolds(again(auditor), {})).rows.map(({ id }) => id)).toEqual([narrow, wide]);
    for (const read of [readHold]) await expectRefusal(read(again(supervisor), { holdId: wide }), "not_found");
    expect((await readHoldHistory(again(supervisor), { holdId: wide })).events).toEqual([]);
    expect((await listHoldRecordings(again(supervisor), { holdId: wide })).rows).toEqual([]);
    expect(await listRecordingHolds(again(stranger), { recordingId: recordingIds[0]! })).toEqual({
      active: 2,
      named: [],
      isLocked: false,
    });
    expect(await listRecordingHolds(again(supervisor), { recordingId: recordingIds[0]! })).toEqual({
      active: 2,
      named: [{ id: narrow, matter: "Reclamação" }],
      isLocked: false,
    });
  });

  it("sees only recordings of their units in a hold over several units", async () => {
    await database().update(legalHolds).set({ ownerId: supervisor.userId }).where(eq(legalHolds.id, wide));
    expect((await listHoldRecordings(again(supervisor), { holdId: wide })).rows.map(({ id }) => id)).toEqual(
      recordingIds.toReversed(),
    );
    expect((await listHoldRecordings(again(dpo), { holdId: wide })).rows).toHaveLength(6);
    await database().update(legalHolds).set({ ownerId: dpo.userId }).where(eq(legalHolds.id, wide));
  });
});

it("the page of a hold shows its facts, its release request and its history", async () => {
  expect(await readHold(again(dpo), { holdId: wide })).toMatchObject({
    state: "in_force",
    recordings: 6,
    sizeBytes: 384,
    effect: { recordings: 6, pastDue: 0 },
    request: null,
    mayUpdate: true,
    mayRequestRelease: true,
  });
  await requestHoldRelease(again(dpo), { holdId: wide, reason: "Encerrado" });
  expect(await readHold(again(dpo), { holdId: wide })).toMatchObject({
    state: "release_requested",
    mayRequestRelease: false,
    request: { isOwn: true, mayDecide: false, requestedBy: "Pessoa dpo" },
  });
  expect((await readHold(again(auditor), { holdId: wide })).request).toMatchObject({ isOwn: false, mayDecide: false });
  expect((await readHoldHistory(again(auditor), { holdId: wide })).events.map(({ action }) => action)).toEqual([
    "approval.requested",
    "legal_hold.placed",
  ]);
});

it("the list of recordings marks held ones, also for those who may not see the hold", async () => {
  const marks = async (who: Person, filters: Parameters<typeof listRecordings>[1]) =>
    (await listRecordings(again(who), filters)).rows.map(({ id, isHeld }) => [id, isHeld]);
  expect(await marks(stranger, {})).toEqual(recordingIds.toReversed().map((id) => [id, true]));
  const [free] = await manyRecordings(1, { ...own, startedAt: daysAgo(5) });
  expect(await marks(auditor, { queueId: own.queueId, limit: 2 })).toEqual([
    [free, false],
    [recordingIds.at(-1), true],
  ]);
});

it("finds a hold by any part of its matter, ignoring case and accents, within the user's scope", async () => {
  const of = async (who: Person, filters: Parameters<typeof listHolds>[1]) =>
    (await listHolds(again(who), filters)).rows.map(({ id }) => id);
  expect(await of(dpo, { matter: "RECLAMACAO" })).toEqual([narrow]);
  expect(await of(dpo, { matter: "0001234" })).toEqual([wide]);
  expect(await of(supervisor, { matter: "0001234" })).toEqual([]);
  for (const matter of ["%", "_", "\\"]) expect(await of(dpo, { matter })).toEqual([]);
  expect((await listHoldFacets(again(dpo), {})).owners.map(({ id }) => id).sort()).toEqual(
    [dpo.userId, supervisor.userId].sort(),
  );
  expect((await listHoldFacets(again(supervisor), {})).owners.map(({ id }) => id)).toEqual([supervisor.userId]);
});

it("filters holds by state and owner, and lists them by pages", async () => {
  await database().update(legalHolds).set({ reviewOn: "2020-01-01" }).where(eq(legalHolds.id, narrow));
  const of = async (filters: Parameters<typeof listHolds>[1]) =>
    (await listHolds(again(dpo), filters)).rows.map(({ id }) => id);
  expect(await of({ state: "review_due" })).toEqual([narrow]);
  expect(await of({ state: "release_requested" })).toEqual([wide]);
  expect(await of({ state: "in_force" })).toEqual([narrow, wide]);
  expect(await of({ state: "released" })).toEqual([]);
  expect(await of({ ownerId: supervisor.userId })).toEqual([narrow]);
  const first = await listHolds(again(dpo), { limit: 1 });
  const second = await listHolds(again(dpo), { limit: 1, after: first.after! });
  expect([first.rows[0]!.id, second.rows[0]!.id, second.after]).toEqual([narrow, wide, null]);
  expect((await listHolds(again(dpo), { limit: 1, before: second.before! })).rows[0]!.id).toBe(narrow);
  const page = await listHoldRecordings(again(dpo), { holdId: wide, limit: 4 });
  expect(
    (await listHoldRecordings(again(dpo), { holdId: wide, limit: 4, cursor: page.nextCursor! })).rows,
  ).toHaveLength(2);
});
