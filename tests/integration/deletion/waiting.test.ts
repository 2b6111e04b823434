import { eq, sql } from "drizzle-orm";
import { mkdir, rm } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { GET } from "@/app/api/health/route";
import { database } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { readRetentionRun } from "@/lib/deletion/runs/read-retention-run";
import { readWaitingDeletions } from "@/lib/deletion/waiting-deletions";
import { issueRunReceipt } from "@/lib/receipts/issue-run-receipt";
import { previewRetention } from "@/lib/retention/preview-retention";
import { printPreview, printRun } from "@/scripts/print-retention";
import { contextOf, expectRefusal, person } from "../../support/actors";
import { retain, sealAll } from "../../support/deletions";
import { admin, daysAgo, fileOf, job, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";

let unitId: string;
let linked: string;
let stuck: string;
let run: Awaited<ReturnType<typeof retain>>;
const zone = "America/Sao_Paulo";

beforeAll(async () => {
  await policy(90);
  ({ unitId } = await unitWithQueue());
  linked = (await storedRecording({ unitId, startedAt: daysAgo(200) })).id;
  const failing = await storedRecording({ unitId, startedAt: daysAgo(200) });
  stuck = failing.id;
  await database()
    .update(uploadTickets)
    .set({ expiresAt: sql`date_trunc('milliseconds', now() + interval '10 minutes')` })
    .where(eq(uploadTickets.recordingId, linked));
  const file = fileOf(failing.keys[0]!);
  await rm(file);
  await mkdir(`${file}/in-the-way`, { recursive: true });
  run = await retain();
});

const expectedReasons = async () => {
  const [ticket] = await database().select().from(uploadTickets).where(eq(uploadTickets.recordingId, linked));
  return [
    { reason: "store_failed", recordings: 1, until: (await row(stuck)).deletionRetryAt!.toISOString() },
    {
      ...{ reason: "upload_link", recordings: 1 },
      until: new Date(ticket!.expiresAt.getTime() + 30 * 60_000).toISOString(),
    },
  ];
};

describe("recordings that wait in deletion", () => {
  test("are told by a run that deleted nothing: each with why and until when", async () => {
    expect(run).toMatchObject({ due: 2, marked: 2, deleted: 0, failed: 1, remaining: 2 });
    expect(run.waiting).toEqual(await expectedReasons());
    expect((await readRetentionRun(admin(), { runId: run.runId })).waiting).toEqual(run.waiting);
    const printed = printRun(run, zone);
    expect(printed).toMatch(
      /1 left: a store did not delete it; it is tried again \(until \d{4}-\d\d-\d\d \d\d:\d\d at/,
    );
    expect(printed).toContain("1 left: an upload link was open; bytes could still arrive (until ");
    await sealAll();
    await expectRefusal(issueRunReceipt(admin(), { runId: run.runId }), "nothing_deleted");
  });

  test("are told by the overview, and by a dry run, which says that nothing more would be deleted", async () => {
    const waiting = await readWaitingDeletions(job(), {});
    expect(waiting).toMatchObject({ total: 2, reasons: await expectedReasons() });
    expect(waiting.recordings.map(({ recordingId, reason }) => [recordingId, reason]).toSorted()).toEqual(
      [
        [linked, "upload_link"],
        [stuck, "store_failed"],
      ].toSorted(),
    );
    const preview = printPreview(await previewRetention(job(), {}), waiting, zone);
    expect(preview).toContain("0 recordings would be deleted now");
    expect(preview).toContain("2 in deletion wait:");
    for (const id of [linked, stuck]) expect(preview).toContain(id);
  });

  test("are told by the health check", async () => {
    const response = await GET(new Request("http://127.0.0.1/api/health"), { params: Promise.resolve({}) });
    expect(await response.json()).toEqual({ status: "ok", waitingDeletions: await expectedReasons() });
  });

  test("are shown to who may see them: a supervisor sees those of their units", async () => {
    const [own, other] = [
      await person("supervisor", { unitIds: [unitId] }),
      await person("supervisor", { unitIds: [(await unitWithQueue()).unitId] }),
    ];
    expect((await readWaitingDeletions(contextOf(own.actor), {})).total).toBe(2);
    expect(await readWaitingDeletions(contextOf(other.actor), {})).toEqual({ total: 0, reasons: [], recordings: [] });
  });

  test("wait for the next run once nothing keeps them, and are then gone", async () => {
    await database()
      .update(uploadTickets)
      .set({ expiresAt: sql`now() - interval '1 hour'` })
      .where(eq(uploadTickets.recordingId, linked));
    const { reasons } = await readWaitingDeletions(admin(), {});
    expect(reasons).toContainEqual({ reason: "next_run", recordings: 1, until: null });
    const next = await retain();
    expect(next).toMatchObject({ deleted: 1, remaining: 1, waiting: [{ reason: "store_failed", recordings: 1 }] });
  });
});
