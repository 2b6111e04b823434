import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { readCallSequence } from "@/lib/playback/read-call-sequence";
import { signedInAs, type SignedIn } from "../../support/people";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";

// No test has a transcoder, whatever the machine has.
process.env.MEDIA_TRANSCODER = "off";

let units: string[];
let callId: string;
let supervisor: SignedIn;

beforeAll(async () => {
  await policy(90);
  units = [(await unitWithQueue()).unitId, (await unitWithQueue()).unitId];
  supervisor = await signedInAs("supervisor", [units[0]!]);
});

beforeEach(() => {
  callId = newId();
});

/** A recording of the call that began `days` ago. */
async function leg(days: number, columns: Partial<typeof recordings.$inferInsert> = {}, unitId = units[0]!) {
  const { id } = await storedRecording({ unitId, startedAt: daysAgo(days), sourceCallId: callId });
  if (Object.keys(columns).length > 0) await database().update(recordings).set(columns).where(eq(recordings.id, id));
  return id;
}

const sequenceOf = async (who: SignedIn, recordingId: string) => readCallSequence(await who.context(), { recordingId });

describe("the order in which the recordings of a call play", () => {
  test("is that of their starts, and says why a part is not heard", async () => {
    const last = await leg(1);
    const ids = [
      await leg(7),
      await leg(6, { isEmpty: true }),
      await leg(5, { codec: "gsm" }),
      await leg(4, { state: "pending", storedAt: null }),
      await leg(3, { state: "deleting" }),
      await leg(3, { quarantine: "quarantined" }),
    ];
    await leg(2, { state: "rejected" });
    const { parts, current, sides } = await sequenceOf(supervisor, ids[2]!);
    expect(parts.map(({ recordingIds, problem }) => [recordingIds[0], problem])).toEqual([
      [ids[0], null],
      [ids[1], "empty"],
      [ids[2], "no_transcoder"],
      [ids[3], "not_stored"],
      [ids[4], "deleting"],
      [ids[5], "quarantined"],
      [last, null],
    ]);
    expect([current, sides]).toEqual([2, null]);
  });

  test("has only what the reader may see, and nothing of a recording of another unit", async () => {
    const [own, other] = [await leg(2), await leg(1, {}, units[1])];
    const idsOf = async (who: SignedIn, id: string) =>
      (await sequenceOf(who, id)).parts.map(({ recordingIds }) => recordingIds[0]);
    expect(await idsOf(supervisor, own)).toEqual([own]);
    expect(await sequenceOf(supervisor, other)).toEqual({ parts: [], current: null, sides: null });
    expect(await idsOf(await signedInAs("dpo"), own)).toEqual([own, other]);
  });

  test("has both sides of a call as one part, with the peaks of each", async () => {
    const customer = await leg(2, { sourceRecordingId: "customer:1", durationMs: 1200 });
    const agent = await leg(2, { sourceRecordingId: "agent:1" });
    const after = await leg(1);
    for (const [id, current] of [
      [customer, 0],
      [agent, 0],
    ] as const) {
      const sequence = await sequenceOf(supervisor, id);
      expect(sequence.parts.map(({ recordingIds }) => recordingIds)).toEqual([[agent, customer], [after]]);
      expect(sequence.current).toBe(current);
      expect(sequence.sides?.map((side) => [side.id, side.durationMs, side.waveform?.bucketMs])).toEqual([
        [agent, 1000, 100],
        [customer, 1200, 100],
      ]);
    }
    expect((await sequenceOf(supervisor, after)).sides).toBeNull();
  });

  test("tells how long after the other a side of the same time began", async () => {
    const later = (seconds: number) => ({ startedAt: new Date(daysAgo(2).getTime() + seconds * 1000) });
    const side = (sourceRecordingId: string, seconds: number) =>
      leg(2, { sourceRecordingId, durationMs: 60_000, ...later(seconds) });
    const [customer, agent] = [await side("customer:1", 0), await side("agent:1", 20)];
    const after = await side("customer:2", 100);
    const { parts, sides } = await sequenceOf(supervisor, agent);
    expect(parts.map(({ recordingIds }) => recordingIds)).toEqual([[agent, customer], [after]]);
    expect(parts[0]!.startedAt).toEqual(daysAgo(2));
    expect(sides?.map(({ id, startsAtMs }) => [id, startsAtMs])).toEqual([
      [agent, 20_000],
      [customer, 0],
    ]);
  });
});
