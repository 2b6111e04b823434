import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { database } from "@/lib/db/client";
import { jobs } from "@/lib/db/schema";
import { drain } from "@/lib/jobs/drain";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { claimJobs } from "@/lib/jobs/claim-jobs";
import { listJobs } from "@/lib/jobs/list-jobs";
import { retryJob } from "@/lib/jobs/retry-job";
import { newId } from "@/lib/core/new-id";
import { operator } from "../../support/people";
import { eventsAbout } from "../../support/uploads";

beforeEach(() => database().delete(jobs));

const enqueue = (key = newId()) =>
  auditedTransaction((tx) => enqueueJob(tx, { kind: "waveform", key, payload: { recordingId: newId() } }));

/** Creates a failed job and returns its id. */
async function failedJob(key = newId()): Promise<string> {
  await enqueue(key);
  await drain(10, { waveform: { maxTries: 1, run: async () => ({ failure: "store_unavailable" }) } });
  const failed = await database().select().from(jobs).where(eq(jobs.key, key));
  return failed[0]!.id;
}

test("an administrator sees waiting, running and failed jobs, and filters by state", async () => {
  const failed = await failedJob();
  await enqueue();
  await claimJobs([{ kind: "waveform", busyLanes: [], leaseMs: 60_000 }]);
  await enqueue();
  const { rows } = await listJobs(operator(), {});
  expect(rows).toMatchObject([
    { kind: "waveform", state: "waiting", tries: 0, nextAttemptAt: expect.any(Date), lastError: null },
    { state: "running", tries: 1, nextAttemptAt: null },
    { id: failed, state: "failed", tries: 1, nextAttemptAt: null, lastError: "store_unavailable" },
  ]);
  for (const [index, state] of (["waiting", "running", "failed"] as const).entries())
    expect((await listJobs(operator(), { state })).rows).toEqual([rows[index]]);
  expect((await listJobs(operator(), { kind: "webhook" })).rows).toEqual([]);
});

test("pages lead forward and back", async () => {
  for (let count = 0; count < 5; count += 1) await enqueue();
  const first = await listJobs(operator(), { limit: 2 });
  const second = await listJobs(operator(), { limit: 2, after: first.after! });
  const third = await listJobs(operator(), { limit: 2, after: second.after! });
  const ids = [first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id));
  expect(new Set(ids).size).toBe(5);
  expect([first.before, third.after]).toEqual([null, null]);
  expect((await listJobs(operator(), { limit: 2, before: third.before! })).rows).toEqual(second.rows);
});

test("an administrator retries a failed job once, with an event", async () => {
  const jobId = await failedJob();
  expect((await listJobs(operator(), { state: "failed" })).rows).toHaveLength(1);
  const context = operator();
  await retryJob(context, { jobId });
  await expect(retryJob(context, { jobId })).rejects.toMatchObject({ code: "not_found" });
  expect((await listJobs(operator(), {})).rows).toMatchObject([{ state: "waiting", tries: 0, lastError: null }]);
  expect(await eventsAbout(jobId)).toMatchObject([
    { action: "job.retried", outcome: "success", details: { kind: "waveform", code: "store_unavailable" } },
  ]);
  expect(await drain(10, { waveform: { run: async () => undefined } })).toEqual({ waveform: { done: 1, failed: 0 } });
});

test("refuses to retry a job that waits or runs", async () => {
  await enqueue();
  const { rows } = await listJobs(operator(), {});
  await expect(retryJob(operator(), { jobId: rows[0]!.id })).rejects.toMatchObject({ code: "not_found" });
});

test("leaves one job when failed work was enqueued again", async () => {
  const jobId = await failedJob("same");
  await enqueue("same");
  await retryJob(operator(), { jobId });
  expect(await database().select().from(jobs)).toMatchObject([{ key: "same", deadAt: null }]);
});
