import { desc, eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { GET } from "@/app/api/health/route";
import { database } from "@/lib/db/client";
import { recordings, retentionPolicies, retentionRuns } from "@/lib/db/schema";
import { finishRetentionRun } from "@/lib/deletion/runs/finish-retention-run";
import { readRetentionHealth } from "@/lib/overview/retention-health";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import { configuredStores } from "@/lib/storage/configured-store";
import { admin, daysAgo, job, policy, storedRecording, unitWithQueue } from "../../support/recordings";

const health = async () => {
  const response = await GET(new Request("http://127.0.0.1/api/health"), { params: Promise.resolve({}) });
  return [response.status, await response.json()] as const;
};
const ok = [200, { status: "ok" }];
const overdue = [200, { status: "degraded", problems: ["retention_overdue"] }];
const run = (signal = AbortSignal.timeout(20_000)) => runRetention(job(), { stores: configuredStores(), signal });

/** Moves the end of the last run this far into the past. */
async function lastRunEnded(hoursAgo: number): Promise<void> {
  const [last] = await database()
    .select({ id: retentionRuns.id })
    .from(retentionRuns)
    .orderBy(desc(retentionRuns.startedAt))
    .limit(1);
  await database()
    .update(retentionRuns)
    .set({
      startedAt: sql`now() - ${hoursAgo} * interval '1 hour'`,
      finishedAt: sql`now() - ${hoursAgo} * interval '1 hour'`,
    })
    .where(eq(retentionRuns.id, last!.id));
}

it("reports when no run has succeeded for 26 hours, counted from the first policy, until one does", async () => {
  expect(await health()).toEqual(ok);
  const policyId = await policy(90);
  expect([await health(), (await readRetentionHealth(admin(), {})).overdue]).toEqual([ok, false]);
  await database()
    .update(retentionPolicies)
    .set({ createdAt: sql`now() - interval '27 hours'` })
    .where(eq(retentionPolicies.id, policyId));
  expect(await health()).toEqual(overdue);
  // A run that stopped at its time limit counts as a success; a failed or killed one does not.
  expect(await run(AbortSignal.abort())).toMatchObject({ state: "out_of_time" });
  expect([await health(), (await readRetentionHealth(admin(), {})).overdue]).toEqual([ok, false]);
  await lastRunEnded(25);
  expect(await health()).toEqual(ok);
  await lastRunEnded(27);
  await finishRetentionRun(job(), { runId: (await startRetentionRun(job(), {})).runId, state: "failed" });
  await startRetentionRun(job(), {});
  expect([await health(), (await readRetentionHealth(admin(), {})).overdue]).toEqual([overdue, true]);
  expect(await run()).toMatchObject({ state: "finished" });
  expect(await health()).toEqual(ok);
});

it("reports stored recordings of doubtful date, until a person has decided about each", async () => {
  const { unitId } = await unitWithQueue();
  const { id } = await storedRecording({ unitId, startedAt: daysAgo(1), dateDoubt: "sender" });
  await storedRecording({ unitId, startedAt: daysAgo(1) });
  const seen = async () => [await health(), (await readRetentionHealth(admin(), {})).doubtfulDates];
  expect(await seen()).toEqual([[200, { status: "degraded", problems: ["doubtful_dates"] }], 1]);
  await database().update(recordings).set({ dateDoubt: null }).where(eq(recordings.id, id));
  expect(await seen()).toEqual([ok, 0]);
});
