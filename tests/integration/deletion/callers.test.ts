import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { legalHoldRecordings, legalHolds, recordings, retentionMoves } from "@/lib/db/schema";
import { callers } from "@/lib/deletion/callers";
import { markErased } from "@/lib/deletion/ledger/mark-erased";
import { markForDeletion, type MarkRequest } from "@/lib/deletion/mark-for-deletion";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import type { Stop } from "@/lib/recordings/may-be-deleted";
import { facts } from "../../support/holds";
import { daysAgo, job, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";
import { person } from "../../support/actors";

let policyId: string;
let ownerId: string;

beforeAll(async () => {
  policyId = await policy(90);
  ownerId = (await person("dpo")).userId;
});

const later = new Date("2099-01-01");

/** Adds one thing that stops the deletion of a recording. */
const inTheWay: Record<Stop, (id: string, unitId: string) => Promise<unknown>> = {
  legal_hold: async (recordingId) => {
    const holdId = newId();
    await database()
      .insert(legalHolds)
      .values({ id: holdId, ...facts(ownerId), placedById: ownerId });
    await database().insert(legalHoldRecordings).values({ holdId, recordingId });
  },
  legal_minimum: (id) =>
    database()
      .update(recordings)
      .set({ minimumPolicyId: policyId, minimumPolicyVersion: 1, minimumUntil: later, retainUntil: later })
      .where(eq(recordings.id, id)),
  policy_change: (_, unitId) =>
    database()
      .insert(retentionMoves)
      .values({ id: newId(), policyId, version: 1, ofDefault: false, unitId, lowersMinimum: false }),
  doubtful_date: (id) =>
    database().update(recordings).set({ dateDoubt: "past_retention" }).where(eq(recordings.id, id)),
  blocked: (id) => database().update(recordings).set({ blockedAt: new Date() }).where(eq(recordings.id, id)),
};

/** An old recording, optionally with something that stops its deletion. */
async function made(stop: Stop | null): Promise<string> {
  const { unitId } = await unitWithQueue();
  const { id } = await storedRecording({ unitId, startedAt: daysAgo(200) });
  if (stop) await inTheWay[stop](id, unitId);
  return id;
}

const named = Object.keys(callers).filter((name) => name !== "replay") as MarkRequest["caller"][];

describe.each(named)("the caller %s", (caller) => {
  const marks = async (id: string) => {
    const { recordingIds } = await auditedTransaction((tx) =>
      markForDeletion(tx, { caller, condition: eq(recordings.id, id), orderId: null, limit: 10 }),
    );
    return recordingIds.length === 1;
  };

  it("deletes what nothing stops, with its own reason", async () => {
    const id = await made(null);
    expect(await marks(id)).toBe(true);
    expect(await row(id)).toMatchObject({ state: "deleting", deletionReason: callers[caller].reason, erasingAt: null });
  });

  it.each(Object.keys(inTheWay) as Stop[])("is stopped by %s if and only if its row says so", async (stop) => {
    const stops: readonly Stop[] = callers[caller].stops;
    expect(await marks(await made(stop))).toBe(!stops.includes(stop));
  });
});

it("nothing stops a replay; it keeps the reason, and no hold brings its recordings back", async () => {
  for (const stop of Object.keys(inTheWay) as Stop[]) {
    const id = await made(stop);
    const erasure = { recordingId: id, objectKeys: [], sha256: null, reason: "cleanup", orderId: null };
    const deletedAt = "2026-01-02T03:04:05.678Z";
    await markErased(job(), { sequence: 1, deletedAt, erasures: [erasure] });
    expect(await row(id)).toMatchObject({
      state: "deleting",
      deletionReason: "deletion_order",
      erasingAt: new Date(deletedAt),
    });
  }
});
