import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { endSession } from "@/lib/access/sign-in/end-session";
import { resolveSession } from "@/lib/access/sign-in/session-user";
import { database } from "@/lib/db/client";
import { recordings, userUnits } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { recordBytesSent } from "@/lib/playback/record-bytes-sent";
import { audio } from "../../support/audio-fixtures";
import { signedInAs, type SignedIn } from "../../support/people";
import { grantOf, sentUnder } from "../../support/playbacks";
import { phoneSystem, storedRecording, type PhoneSystem } from "../../support/uploads";

let system: PhoneSystem;
let recordingId: string;

beforeAll(async () => {
  system = await phoneSystem();
  recordingId = await storedRecording(system, audio("call-06-wav-pcm-mono.wav"));
});

async function listener(): Promise<{ who: SignedIn; context: OperationContext; grantId: string }> {
  const who = await signedInAs("supervisor", [system.unitId]);
  const { actor } = (await resolveSession(who.sessionId))!;
  const { grantId } = await grantOf(who, recordingId);
  return { who, context: { actor, requestId: newId(), ipAddress: null }, grantId };
}

const report = (context: OperationContext, grantId: string) =>
  recordBytesSent(context, { grantId, start: 0, endExclusive: 1000 });

describe("a running playback response", () => {
  test("continues while nothing changes", async () => {
    const { context, grantId } = await listener();
    expect(await report(context, grantId)).toEqual({ mayContinue: true });
  });

  test.each<[string, (listening: { who: SignedIn; context: OperationContext }) => Promise<unknown>]>([
    ["a sign-out", ({ context }) => endSession(context, {})],
    [
      "the loss of the unit",
      ({ who }) =>
        database()
          .delete(userUnits)
          .where(and(eq(userUnits.userId, who.userId), eq(userUnits.unitId, system.unitId))),
    ],
  ])("ends after %s, and the bytes sent are still recorded", async (_, change) => {
    const listening = await listener();
    await change(listening);
    expect(await report(listening.context, listening.grantId)).toEqual({ mayContinue: false });
    expect(await sentUnder(listening.grantId)).toEqual([[0, 1000]]);
  });

  test("ends when the recording is being deleted", async () => {
    const { context, grantId } = await listener();
    await database()
      .update(recordings)
      .set({ state: "deleting", deletingAt: new Date() })
      .where(eq(recordings.id, recordingId));
    expect(await report(context, grantId)).toEqual({ mayContinue: false });
  });
});
