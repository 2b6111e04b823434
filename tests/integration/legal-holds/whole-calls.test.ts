import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { legalHoldRecordings } from "@/lib/db/schema";
import { extendHold } from "@/lib/legal-holds/extend-hold";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { previewHold } from "@/lib/legal-holds/preview-hold";
import { contextOf, expectRefusal, person, type Person } from "../../support/actors";
import { facts } from "../../support/holds";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";

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
