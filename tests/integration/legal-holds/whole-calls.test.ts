import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { legalHoldRecordings, legalHolds, recordings } from "@/lib/db/schema";
import { continueHold } from "@/lib/legal-holds/continue-hold";
import { extendHold } from "@/lib/legal-holds/extend-hold";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { previewHold } from "@/lib/legal-holds/preview-hold";
import { readHold } from "@/lib/legal-holds/read-hold";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { facts, holdRow, manyRecordings } from "../../support/holds";
import { daysAgo, job, policy, storedRecording, unitWithQueue } from "../../support/recordings";

let dpo: Person;
let ofFirst: Person;
let places: Awaited<ReturnType<typeof unitWithQueue>>[];

const again = ({ actor }: Person) => contextOf(actor);
type Selection = Parameters<typeof placeHold>[1]["selection"];
const place = async (who: Person, selection: Selection) =>
  (await placeHold(again(who), { ...facts(who.userId), selection })).holdId;

async function heldBy(holdId: string): Promise<string[]> {
  const { recordingId } = legalHoldRecordings;
  const held = await database()
    .select({ recordingId })
    .from(legalHoldRecordings)
    .where(eq(legalHoldRecordings.holdId, holdId));
  return held.map((of) => of.recordingId).sort();
}

/** A call of two recordings in the first unit and one in the second. */
async function callOfThree(direction: "inbound" | "internal" = "inbound"): Promise<string[]> {
  const sourceCallId = newId();
  const make = async (unitIndex: number, of: typeof direction) =>
    (await storedRecording({ ...places[unitIndex]!, startedAt: daysAgo(2), sourceCallId, direction: of })).id;
  return [await make(0, direction), await make(0, "inbound"), await make(1, "inbound")];
}

beforeAll(async () => {
  await policy(90);
  places = [await unitWithQueue(), await unitWithQueue()];
  dpo = await person("dpo");
  ofFirst = await person("supervisor", { unitIds: [places[0]!.unitId] });
});

test("a hold on one recording covers its whole call, and says so before", async () => {
  const call = await callOfThree();
  const other = (await callOfThree())[0]!;
  const selection = { recordingIds: [call[1]!] };
  const preview = await previewHold(again(dpo), { selection });
  expect(preview).toMatchObject({ recordings: 3, calls: 1 });
  expect(preview.sample.map(({ id }) => id).sort()).toEqual(call.toSorted());
  const holdId = await place(dpo, selection);
  expect(await heldBy(holdId)).toEqual(call.toSorted());
  const added = await extendHold(again(dpo), { holdId, selection: { recordingIds: [call[0]!, other] } });
  expect(added.held).toBe(3);
});

test("covers the chosen recording alone if that is asked for", async () => {
  const call = await callOfThree();
  const selection = { recordingIds: [call[0]!], onlyThese: true };
  expect(await previewHold(again(dpo), { selection })).toMatchObject({ recordings: 1, calls: 1 });
  expect(await heldBy(await place(dpo, selection))).toEqual([call[0]]);
});

test("covers for a supervisor the recordings of the own units, and no recording of another leads to them", async () => {
  const call = await callOfThree();
  expect(await previewHold(again(ofFirst), { selection: { recordingIds: [call[0]!] } })).toMatchObject({
    ...{ recordings: 2, calls: 1, units: [{ id: places[0]!.unitId, recordings: 2 }] },
  });
  expect(await heldBy(await place(ofFirst, { recordingIds: [call[0]!] }))).toEqual(call.slice(0, 2).toSorted());
  await expectRefusal(place(ofFirst, { recordingIds: [call[2]!] }), "not_found");
});

test("by search covers the calls of which a recording matches", async () => {
  const call = await callOfThree("internal");
  const filters = { direction: "internal" as const };
  expect(await previewHold(again(dpo), { selection: { filters } })).toMatchObject({ recordings: 3, calls: 1 });
  expect(await heldBy(await place(ofFirst, { filters }))).toEqual(call.slice(0, 2).toSorted());
  expect(await heldBy(await place(dpo, { filters }))).toEqual(call.toSorted());
});

describe("a hold on recordings without their whole calls", () => {
  const wholeCalls = { wholeCalls: true } as const;

  async function coverage(holdId: string): Promise<[covers: number, all: number]> {
    const { holdId: id, coversCall } = legalHoldRecordings;
    const count = (covers?: boolean) =>
      database().$count(
        legalHoldRecordings,
        and(eq(id, holdId), covers === undefined ? undefined : eq(coversCall, covers)),
      );
    return [await count(true), await count()];
  }

  test("is widened to them from its own page, after a preview, and its event says so", async () => {
    const call = await callOfThree();
    const gone = { state: "deleting", deletingAt: new Date(), erasingAt: new Date() } as const;
    await database().update(recordings).set(gone).where(eq(recordings.id, call[2]!));
    const holdId = await place(dpo, { recordingIds: [call[0]!], onlyThese: true });
    expect(await readHold(again(dpo), { holdId })).toMatchObject({ mayWiden: true, withoutCall: 1 });
    expect(await previewHold(again(dpo), { holdId, selection: wholeCalls })).toMatchObject({
      ...{ recordings: 1, calls: 1, alreadyHere: 1, widened: 1, tooLate: 1 },
      sample: [{ id: call[1] }],
    });
    const widening = again(dpo);
    expect(await extendHold(widening, { holdId, selection: wholeCalls })).toEqual({
      ...{ holdId, held: 1, widened: 1, broughtBack: 0, tooLate: 1, finished: true },
    });
    const [event, ofRecording, ...others] = await eventsOf(widening);
    expect(event).toMatchObject({ action: "legal_hold.widened", targetId: holdId });
    expect(event!.details).toEqual({ recordings: 1, widened: 1, broughtBack: 0, tooLate: 1, finished: true });
    expect([ofRecording?.action, ofRecording?.targetId, others]).toEqual(["recording.held", call[1], []]);
    expect(await heldBy(holdId)).toEqual(call.slice(0, 2).toSorted());
    expect(await coverage(holdId)).toEqual([2, 2]);

    await expectRefusal(extendHold(again(dpo), { holdId, selection: wholeCalls }), "nothing_to_hold");
    expect(await previewHold(again(dpo), { holdId, selection: wholeCalls })).toMatchObject({
      recordings: 0,
      widened: 0,
    });
    expect(await readHold(again(dpo), { holdId })).toMatchObject({ mayWiden: false, withoutCall: 0, tooLate: 1 });
  });

  test("counts each gone recording once, so that its events add up to what its page says", async () => {
    const [call, other] = [await callOfThree(), await callOfThree()];
    const erase = (id: string) =>
      database()
        .update(recordings)
        .set({ state: "deleting", deletingAt: new Date(), erasingAt: new Date() })
        .where(eq(recordings.id, id));
    await erase(call[2]!);
    const placing = again(dpo);
    const selection = { recordingIds: [call[0]!, call[2]!], onlyThese: true };
    const { holdId, ...placed } = await placeHold(placing, { ...facts(dpo.userId), selection });
    expect(placed).toMatchObject({ held: 1, tooLate: 1 });
    const widening = again(dpo);
    expect(await extendHold(widening, { holdId, selection: wholeCalls })).toMatchObject({ held: 1, tooLate: 0 });
    await erase(other[2]!);
    const extending = again(dpo);
    const chosen = { recordingIds: [call[0]!, other[0]!] };
    expect(await extendHold(extending, { holdId, selection: chosen })).toMatchObject({ held: 2, tooLate: 1 });
    const events = (await Promise.all([placing, widening, extending].map(eventsOf))).map(([first]) => first!);
    expect(events.map(({ action, details }) => [action, (details as { tooLate: number }).tooLate])).toEqual([
      ["legal_hold.placed", 1],
      ["legal_hold.widened", 0],
      ["legal_hold.extended", 1],
    ]);
    expect(await readHold(again(dpo), { holdId })).toMatchObject({ tooLate: 2 });
  });

  test("is widened where nothing else of the call has arrived yet, also by choosing its recording again", async () => {
    const { id } = await storedRecording({ ...places[0]!, startedAt: daysAgo(2) });
    const holdId = await place(dpo, { recordingIds: [id], onlyThese: true });
    const selection = { recordingIds: [id] };
    const asBefore = await previewHold(again(dpo), { holdId, selection: { ...selection, onlyThese: true } });
    expect(asBefore).toMatchObject({ recordings: 0, widened: 0 });
    expect(await previewHold(again(dpo), { holdId, selection })).toMatchObject({ recordings: 0, widened: 1 });
    const context = again(dpo);
    expect(await extendHold(context, { holdId, selection })).toMatchObject({ held: 0, widened: 1 });
    expect((await eventsOf(context))[0]).toMatchObject({
      ...{ action: "legal_hold.extended", details: { bySearch: false, recordings: 0, widened: 1 } },
    });
  });

  test("is widened by a supervisor in the own units only, and by nobody whose hold it is not", async () => {
    const call = await callOfThree();
    const holdId = await place(dpo, { recordingIds: [call[0]!, call[2]!], onlyThese: true });
    await expectRefusal(extendHold(again(ofFirst), { holdId, selection: wholeCalls }), "not_found");
    await expectRefusal(previewHold(again(ofFirst), { holdId, selection: wholeCalls }), "not_found");
    expect(await readHold(again(await person("auditor")), { holdId })).toMatchObject({ mayWiden: false });
    await database().update(legalHolds).set({ ownerId: ofFirst.userId }).where(eq(legalHolds.id, holdId));
    expect(await previewHold(again(ofFirst), { holdId, selection: wholeCalls })).toMatchObject({
      ...{ recordings: 1, widened: 1 },
    });
    expect(await extendHold(again(ofFirst), { holdId, selection: wholeCalls })).toMatchObject({ held: 1, widened: 1 });
    expect(await coverage(holdId)).toEqual([2, 3]);
    expect(await readHold(again(dpo), { holdId })).toMatchObject({ withoutCall: 3 });
    expect(await extendHold(again(dpo), { holdId, selection: wholeCalls })).toMatchObject({ held: 0, widened: 3 });
  });

  test("cannot be widened before there is a hold, nor after its release", async () => {
    await expectRefusal(previewHold(again(dpo), { selection: wholeCalls }), "invalid_input");
    const holdId = await place(dpo, { recordingIds: [(await callOfThree())[0]!], onlyThese: true });
    await database().update(legalHolds).set({ releasedAt: new Date() }).where(eq(legalHolds.id, holdId));
    await expectRefusal(extendHold(again(dpo), { holdId, selection: wholeCalls }), "conflict");
    expect(await readHold(again(dpo), { holdId })).toMatchObject({ mayWiden: false });
  });

  test("with more recordings than one batch is widened by its job, which says so too", async () => {
    const ids = await manyRecordings(2100, { ...places[0]!, startedAt: daysAgo(3) });
    const holdId = await place(dpo, { recordingIds: [ids[0]!], onlyThese: true });
    await database()
      .insert(legalHoldRecordings)
      .values(ids.slice(1).map((recordingId) => ({ holdId, recordingId })));
    expect(await extendHold(again(dpo), { holdId, selection: wholeCalls })).toMatchObject({
      ...{ held: 0, widened: 2000, finished: false },
    });
    expect(await readHold(again(dpo), { holdId })).toMatchObject({ mayWiden: false, isPlacing: true });
    const context = job();
    expect(await continueHold(context, { holdId })).toEqual({ finished: true });
    expect(await eventsOf(context)).toMatchObject([
      { action: "legal_hold.widened", details: { recordings: 0, widened: 100, finished: true } },
    ]);
    expect([await coverage(holdId), (await holdRow(holdId)).placement]).toEqual([[2100, 2100], null]);
  });
});
