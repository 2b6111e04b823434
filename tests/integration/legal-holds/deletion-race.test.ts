import { existsSync } from "node:fs";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { AppError } from "@/lib/core/errors";
import { database } from "@/lib/db/client";
import { auditEvents, legalHoldMissedRecordings, legalHoldRecordings } from "@/lib/db/schema";
import { eraseMarked } from "@/lib/deletion/erase-marked";
import { markDueRecordings } from "@/lib/deletion/runs/mark-due-recordings";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { configuredStore } from "@/lib/storage/configured-store";
import { randomFrom } from "../../support/fault-schedule";
import { seedCount } from "../../support/seeds";
import { daysAgo, fileOf, job, policy, row, unitWithQueue } from "../../support/recordings";
import { contextOf, person, type Person } from "../../support/actors";
import { facts, holdRow, manyRecordings } from "../../support/holds";

const rounds = seedCount(1000);
const outcomes = { broughtBack: 0, tooLate: 0 };
/** Round trips that the hold gets before the erasure: the loser of a round gets one more, so both outcomes occur. */
let headStart = 0;
let dpo: Person;
let where: Awaited<ReturnType<typeof unitWithQueue>>;

beforeAll(async () => {
  await policy(90);
  dpo = await person("dpo");
  where = await unitWithQueue();
});

/** Waits for some round trips, on any machine. */
async function wait(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await database().execute(sql`select`);
}

async function place(recordingId: string) {
  try {
    return await placeHold(contextOf(dpo.actor), { ...facts(dpo.userId), selection: { recordingIds: [recordingId] } });
  } catch (error) {
    if (error instanceof AppError && error.code === "nothing_to_hold") return null;
    throw error;
  }
}

const has = (table: typeof legalHoldRecordings | typeof legalHoldMissedRecordings, recordingId: string) =>
  database().select().from(table).where(eq(table.recordingId, recordingId));
const eventsOf = async (id: string) =>
  (await database().select({ action: auditEvents.action }).from(auditEvents).where(eq(auditEvents.targetId, id)))
    .map(({ action }) => action)
    .sort();

/** Starts the erasure of a marked recording and a hold on it at once, each after a seeded number of round trips. */
async function race(seed: number): Promise<void> {
  const random = randomFrom(seed);
  // With the second recording the hold is placed even if the first is gone.
  const [raced, other] = await manyRecordings(2, { ...where, startedAt: daysAgo(200) }, configuredStore());
  const { runId } = await startRetentionRun(job(), {});
  expect((await markDueRecordings(job(), { runId, limit: 10 })).recordingIds.sort()).toEqual([raced, other]);
  const erasure = { stores: [configuredStore()], runId, batchSize: 10 };
  const turns = () => Math.floor(random() * 3);
  const [placed] = await Promise.all([
    wait(turns() + Math.max(0, -headStart)).then(() => place(raced!)),
    wait(turns() + Math.max(0, headStart)).then(() => eraseMarked(job(), erasure, { recordingIds: [raced!] })),
  ]);
  headStart += placed ? -1 : 1;
  await eraseMarked(job(), erasure, { recordingIds: [raced!, other!] });
  const { state, erasingAt } = await row(raced!);
  expect((await row(other!)).state).toBe("deleted");
  if (placed) {
    outcomes.broughtBack += 1;
    expect(placed).toMatchObject({ held: 1, broughtBack: 1, tooLate: 0 });
    expect([state, erasingAt, existsSync(fileOf(`recordings/${raced}`))]).toEqual(["stored", null, true]);
    expect(await has(legalHoldRecordings, raced!)).toHaveLength(1);
    expect(await eventsOf(raced!)).toEqual([
      "recording.deletion_stopped",
      "recording.held",
      "recording.marked_for_deletion",
    ]);
    return;
  }
  outcomes.tooLate += 1;
  expect([state, erasingAt, existsSync(fileOf(`recordings/${raced}`))]).toEqual(["deleted", expect.any(Date), false]);
  expect(await has(legalHoldRecordings, raced!)).toEqual([]);
  expect(await eventsOf(raced!)).toEqual(["recording.deleted", "recording.marked_for_deletion"]);
}

it.each(Array.from({ length: rounds }, (_, index) => index + 1))("a hold and an erasure at once, seed %i", race);

afterAll(() => {
  expect(outcomes.broughtBack).toBeGreaterThan(0);
  expect(outcomes.tooLate).toBeGreaterThan(0);
});

it("a hold records which recordings were gone and since when, and keeps the rest", async () => {
  const [gone, kept] = await manyRecordings(2, { ...where, startedAt: daysAgo(200) }, configuredStore());
  const { runId } = await startRetentionRun(job(), {});
  await markDueRecordings(job(), { runId, limit: 10 });
  const erasure = { stores: [configuredStore()], runId, batchSize: 10 };
  await eraseMarked(job(), erasure, { recordingIds: [gone!] });
  const { holdId, ...placed } = await placeHold(contextOf(dpo.actor), {
    ...facts(dpo.userId),
    selection: { recordingIds: [gone!, kept!] },
  });
  expect(placed).toMatchObject({ held: 1, broughtBack: 1, tooLate: 1 });
  const { erasingAt } = await row(gone!);
  expect(await has(legalHoldMissedRecordings, gone!)).toMatchObject([{ holdId, goneSince: erasingAt }]);
  expect(erasingAt!.getTime()).toBeLessThanOrEqual((await holdRow(holdId)).createdAt.getTime());
});
