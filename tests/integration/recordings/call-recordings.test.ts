import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { audioCodecs } from "@/lib/core/audio-codecs";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { listCallRecordings } from "@/lib/recordings/list-call-recordings";
import { readRecording } from "@/lib/recordings/read-recording";
import { signedInAs, type SignedIn } from "../../support/people";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";

let units: string[];
const callId = newId();
/** Of one call: two in the first unit, one in the second. `alone` is of another call. */
let [first, second, elsewhere, alone]: string[] = [];

const set = (id: string, columns: Partial<typeof recordings.$inferInsert>) =>
  database().update(recordings).set(columns).where(eq(recordings.id, id));

beforeAll(async () => {
  await policy(90);
  units = [(await unitWithQueue()).unitId, (await unitWithQueue()).unitId];
  const make = async (unitId: string, days: number, sourceCallId?: string) =>
    (await storedRecording({ unitId, startedAt: daysAgo(days), sourceCallId })).id;
  first = await make(units[0]!, 3, callId);
  second = await make(units[0]!, 2, callId);
  elsewhere = await make(units[1]!, 1, callId);
  alone = await make(units[0]!, 1);
  const refused = await make(units[0]!, 1, callId);
  await set(refused, { state: "rejected" });
  await set(second, { sourceRecordingId: "mix", codec: "pcm_s16le" });
});

const listed = async (who: SignedIn, recordingId: string) =>
  (await listCallRecordings(await who.context(), { recordingId })).map(({ id }) => id);

describe("the recordings of a call", () => {
  test.each(["dpo", "auditor", "admin"] as const)("are shown to the %s, whatever their unit", async (role) => {
    const who = await signedInAs(role);
    expect(await listed(who, first!)).toEqual([first, second, elsewhere]);
    expect(await listed(who, elsewhere!)).toEqual([first, second, elsewhere]);
    expect(await listed(who, alone!)).toEqual([alone]);
  });

  test("are shown to a supervisor only within the own units, and not for a recording of another", async () => {
    const [ofFirst, ofSecond, ofNone] = [
      await signedInAs("supervisor", [units[0]!]),
      await signedInAs("supervisor", [units[1]!]),
      await signedInAs("supervisor"),
    ];
    expect(await listed(ofFirst, first!)).toEqual([first, second]);
    expect(await listed(ofFirst, elsewhere!)).toEqual([]);
    expect(await listed(ofSecond, elsewhere!)).toEqual([elsewhere]);
    expect(await listed(ofNone, first!)).toEqual([]);
  });

  test("are shown with the id that the phone system gave, and none that the portal made", async () => {
    const dpo = await signedInAs("dpo");
    const ids = async (recordingId: string) =>
      (await listCallRecordings(await dpo.context(), { recordingId })).map(
        ({ sourceRecordingId }) => sourceRecordingId,
      );
    expect(await ids(first!)).toEqual([null, "mix", null]);
    const codecs = await listCallRecordings(await dpo.context(), { recordingId: first! });
    expect(codecs.map(({ codec }) => codec)).toEqual([null, audioCodecs.pcm_s16le.name, null]);
    const own = async (recordingId: string) =>
      (await readRecording(await dpo.context(), { recordingId })).sourceRecordingId;
    expect([await own(first!), await own(second!)]).toEqual([null, "mix"]);
  });
});
