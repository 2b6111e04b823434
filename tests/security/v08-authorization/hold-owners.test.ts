import { beforeAll, describe, expect, test } from "vitest";
import { extendHold } from "@/lib/legal-holds/extend-hold";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { readHold } from "@/lib/legal-holds/read-hold";
import { holdVersion } from "@/lib/legal-holds/lock-hold";
import { updateHold } from "@/lib/legal-holds/update-hold";
import { database } from "@/lib/db/client";
import { legalHolds } from "@/lib/db/schema";
import { eq } from "drizzle-orm";
import { signedInAs, type SignedIn } from "../../support/people";
import { phoneSystem, storedRecording } from "../../support/uploads";

let dpo: SignedIn;
let [one, both]: SignedIn[] = [];
let here: string;
let there: string;

beforeAll(async () => {
  const [first, second] = [await phoneSystem(), await phoneSystem()];
  [here, there] = [await storedRecording(first), await storedRecording(second)];
  dpo = await signedInAs("dpo");
  one = await signedInAs("supervisor", [first.unitId]);
  both = await signedInAs("supervisor", [first.unitId, second.unitId]);
});

const facts = { matter: "Processo", reason: "Citação", reviewOn: "2099-01-01" };
const place = async (owner: SignedIn, ...recordingIds: string[]) =>
  placeHold(await dpo.context(), { ...facts, ownerId: owner.userId, selection: { recordingIds } });
const refused = (path: string) => ({
  code: "invalid_input",
  details: { fields: [{ path, reason: "owner_outside_units" }] },
});

describe("the owner of a legal hold sees every unit that it covers", () => {
  test("when it is placed: the DPO, a supervisor of both units, and not of one", async () => {
    await expect(place(one!, here, there)).rejects.toMatchObject(refused("ownerId"));
    expect(await database().$count(legalHolds)).toBe(0);
    expect(await place(one!, here)).toMatchObject({ held: 1 });
    expect(await place(both!, here, there)).toMatchObject({ held: 2 });
    expect(await place(dpo, here, there)).toMatchObject({ held: 2 });
  });

  test("by a search as well", async () => {
    const selection = { filters: { direction: "inbound" as const } };
    const attempt = async (owner: SignedIn) =>
      placeHold(await dpo.context(), { ...facts, ownerId: owner.userId, selection });
    await expect(attempt(one!)).rejects.toMatchObject(refused("ownerId"));
    expect(await attempt(both!)).toMatchObject({ held: 2 });
  });

  test("when it is extended, and when another person takes it over", async () => {
    const { holdId } = await place(one!, here);
    const extend = async () => extendHold(await dpo.context(), { holdId, selection: { recordingIds: [there] } });
    await expect(extend()).rejects.toMatchObject(refused("selection"));
    const change = async (owner: SignedIn) => {
      const [hold] = await database().select().from(legalHolds).where(eq(legalHolds.id, holdId));
      return updateHold(await dpo.context(), { ...facts, holdId, ownerId: owner.userId, version: holdVersion(hold!) });
    };
    await change(both!);
    expect(await extend()).toMatchObject({ held: 1 });
    await expect(change(one!)).rejects.toMatchObject(refused("ownerId"));
    expect(await readHold(await both!.context(), { holdId })).toBeTruthy();
  });
});
