import { eq } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { legalHolds, recordings } from "@/lib/db/schema";
import { extendHold } from "@/lib/legal-holds/extend-hold";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { previewHold } from "@/lib/legal-holds/preview-hold";
import { readExtendableHold } from "@/lib/legal-holds/read-extendable-hold";
import { newId } from "@/lib/core/new-id";
import type { Operation } from "@/lib/operation/operation";
import { daysAgo, policy, unitWithQueue } from "../../support/recordings";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { facts, keptBy, manyRecordings } from "../../support/holds";

const again = ({ actor }: Person) => contextOf(actor);

let dpo: Person;
let supervisor: Person;
let own: Awaited<ReturnType<typeof unitWithQueue>>;
/** Recordings of the supervisor's unit, in order of id. */
let mine: string[];
let foreign: string;

beforeAll(async () => {
  await policy(90);
  own = await unitWithQueue();
  const other = await unitWithQueue();
  [dpo, supervisor] = await Promise.all([person("dpo"), person("supervisor", { unitIds: [own.unitId] })]);
  mine = await manyRecordings(14, { ...own, startedAt: daysAgo(10) });
  foreign = (await manyRecordings(1, { ...other, startedAt: daysAgo(10) }))[0]!;
  await database()
    .update(recordings)
    .set({ state: "deleting", deletingAt: new Date(), erasingAt: new Date() })
    .where(eq(recordings.id, mine[13]!));
  await database().update(recordings).set({ callKind: "sale" }).where(eq(recordings.id, mine[0]!));
});

it("counts what a search would hold and what is gone, and shows the latest recordings", async () => {
  const preview = await previewHold(again(supervisor), { selection: { filters: { queueId: own.queueId } } });
  expect(preview).toMatchObject({
    recordings: 13,
    sizeBytes: 13 * 64,
    alreadyHeld: 0,
    alreadyHere: 0,
    tooLate: 1,
    units: [{ id: own.unitId, recordings: 13 }],
  });
  expect(preview.sample.map(({ id }) => id)).toEqual(mine.slice(3, 13).toReversed());
  expect(
    (await previewHold(again(dpo), { selection: { filters: { queueId: own.queueId, callKind: "sale" } } })).sample.map(
      ({ id }) => id,
    ),
  ).toEqual([mine[0]]);
  expect(
    await previewHold(again(supervisor), { selection: { filters: { from: "1990-01-01", to: "1990-01-02" } } }),
  ).toMatchObject({ recordings: 0, units: [], sample: [] });
});

it("shows a supervisor no recording outside their units, by search or by id", async () => {
  const bySearch = await previewHold(again(supervisor), { selection: { filters: { to: "2099-01-01" } } });
  expect(bySearch.units.map(({ id }) => id)).toEqual([own.unitId]);
  for (const id of [foreign, newId()])
    await expectRefusal(
      previewHold(again(supervisor), { selection: { recordingIds: [mine[0]!, id] } }),
      "invalid_input",
      { "selection.recordingIds": "unknown" },
    );
  expect(await previewHold(again(dpo), { selection: { recordingIds: [mine[0]!, foreign, foreign] } })).toMatchObject({
    recordings: 2,
  });
});

it("selects nothing without a criterion", async () => {
  const holds = await database().$count(legalHolds);
  for (const operation of [previewHold, placeHold] as Operation<{ selection: { filters: object } }, unknown>[]) {
    await expectRefusal(operation(again(dpo), { ...facts(dpo.userId), selection: { filters: {} } }), "invalid_input", {
      "selection.filters": "choose_something",
    });
  }
  expect(await database().$count(legalHolds)).toBe(holds);
});

it("leaves out what the extended hold already keeps, and counts what other holds keep", async () => {
  const { holdId } = await placeHold(again(supervisor), {
    ...facts(supervisor.userId),
    selection: { recordingIds: mine.slice(0, 2) },
  });
  await placeHold(again(dpo), { ...facts(dpo.userId), selection: { recordingIds: [mine[2]!] } });
  const selection = { recordingIds: [...mine.slice(0, 4), mine[13]!] };
  expect(await previewHold(again(supervisor), { holdId, selection })).toMatchObject({
    recordings: 2,
    alreadyHere: 2,
    alreadyHeld: 1,
    tooLate: 1,
    sample: [{ id: mine[3] }, { id: mine[2] }],
  });
  expect(await readExtendableHold(again(supervisor), { holdId })).toMatchObject({ isPlacing: false });
  expect(await extendHold(again(supervisor), { holdId, selection })).toMatchObject({ held: 2, tooLate: 1 });
  const stranger = await person("supervisor", { unitIds: [own.unitId] });
  await expectRefusal(previewHold(again(stranger), { holdId, selection }), "not_found");
  await expectRefusal(readExtendableHold(again(stranger), { holdId }), "not_found");
  await database().update(legalHolds).set({ releasedAt: new Date() }).where(eq(legalHolds.id, holdId));
  await expectRefusal(readExtendableHold(again(supervisor), { holdId }), "not_found");
});

it("a form that is submitted twice places one hold", async () => {
  const sent = { ...facts(dpo.userId), holdId: newId(), selection: { recordingIds: [mine[5]!] } };
  const contexts = [again(dpo), again(dpo)];
  const answers = await Promise.allSettled(contexts.map((context) => placeHold(context, sent)));
  expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(answers.find((answer) => answer.status === "rejected")).toMatchObject({ reason: { code: "already_placed" } });
  expect(await keptBy(sent.holdId)).toBe(1);
  expect((await Promise.all(contexts.map(eventsOf))).flat().map(({ action }) => action)).toEqual([
    "legal_hold.placed",
    "recording.held",
  ]);
});

it("counts recordings that are marked and not yet erased as held", async () => {
  const where = await unitWithQueue();
  const [marked, erased] = await manyRecordings(2, { ...where, startedAt: daysAgo(10) });
  const deleting = { state: "deleting" as const, deletingAt: new Date() };
  await database().update(recordings).set(deleting).where(eq(recordings.id, marked!));
  await database()
    .update(recordings)
    .set({ ...deleting, erasingAt: new Date() })
    .where(eq(recordings.id, erased!));
  const preview = (state?: "stored" | "pending") =>
    previewHold(again(dpo), { selection: { filters: { queueId: where.queueId, state } } });
  const back = { recordings: 1, markedForDeletion: 1, tooLate: 1, sample: [{ id: marked, state: "deleting" }] };
  expect(await preview()).toMatchObject(back);
  expect(await preview("stored")).toMatchObject(back);
  expect(await preview("pending")).toMatchObject({ recordings: 0, markedForDeletion: 0, tooLate: 1 });
});
