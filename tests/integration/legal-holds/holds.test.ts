import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { database } from "@/lib/db/client";
import { auditEvents, legalHoldRecordings, legalHolds, recordings } from "@/lib/db/schema";
import { decideHoldRelease } from "@/lib/legal-holds/release/decide-hold-release";
import { extendHold } from "@/lib/legal-holds/extend-hold";
import { claimJob, claimJobs } from "@/lib/jobs/claim-jobs";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { completeJob } from "@/lib/jobs/job-lease";
import { continueHold } from "@/lib/legal-holds/continue-hold";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { previewHold } from "@/lib/legal-holds/preview-hold";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { updateHold } from "@/lib/legal-holds/update-hold";
import { newId } from "@/lib/core/new-id";
import { grantPlayback } from "@/lib/playback/grant-playback";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import { markDueRecordings } from "@/lib/deletion/runs/mark-due-recordings";
import { retentionCron } from "@/lib/schedule/retention-cron";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStore } from "@/lib/storage/configured-store";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { daysAgo, job, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { facts, holdRow, keptBy, manyRecordings } from "../../support/holds";

let dpo: Person;
let admin: Person;
let supervisor: Person;
let own: Awaited<ReturnType<typeof unitWithQueue>>;
let foreign: Awaited<ReturnType<typeof unitWithQueue>>;

const again = ({ actor }: Person) => contextOf(actor);
const run = () => runRetention(job(), { stores: [configuredStore()], signal: AbortSignal.timeout(20_000) });
const due = (where = own) => storedRecording({ ...where, startedAt: daysAgo(200) });

beforeAll(async () => {
  await policy(90);
  [own, foreign] = await Promise.all([unitWithQueue(), unitWithQueue()]);
  [dpo, admin, supervisor] = await Promise.all([
    person("dpo"),
    person("admin"),
    person("supervisor", { unitIds: [own.unitId] }),
  ]);
});

describe("a hold", () => {
  it("keeps a recording past its date, playable; after the release the next run deletes it", async () => {
    const { id } = await due();
    const placing = again(dpo);
    const { holdId, ...counts } = await placeHold(placing, { ...facts(dpo.userId), selection: { recordingIds: [id] } });
    expect(counts).toEqual({ held: 1, widened: 0, broughtBack: 0, tooLate: 0, finished: true });
    const events = await eventsOf(placing);
    expect(events).toMatchObject([
      {
        action: "legal_hold.placed",
        targetId: holdId,
        details: {
          ownerId: dpo.userId,
          reviewOn: "2099-01-31",
          bySearch: false,
          recordings: 1,
          tooLate: 0,
          finished: true,
        },
      },
      { action: "recording.held", targetId: id, details: { holdId } },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/Fulano|Processo/);
    expect(await run()).toMatchObject({ deleted: 0 });
    expect((await row(id)).state).toBe("stored");
    await grantPlayback(again(dpo), { recordingId: id, purpose: "complaint_handling", reference: "CH-1" });
    const { approvalId } = await requestHoldRelease(again(dpo), { holdId, reason: "Encerrado" });
    await decideHoldRelease(again(admin), { approvalId, decision: "approved", reason: "Conferido por mim" });
    expect(await run()).toMatchObject({ deleted: 1 });
    expect((await row(id)).state).toBe("deleted");
  });

  it("keeps a recording until the last of several holds is released", async () => {
    const { id } = await due();
    const [first, second] = await Promise.all(
      [1, 2].map(() => placeHold(again(dpo), { ...facts(dpo.userId), selection: { recordingIds: [id] } })),
    );
    for (const [index, { holdId }] of [first!, second!].entries()) {
      const { approvalId } = await requestHoldRelease(again(dpo), { holdId, reason: "Encerrado" });
      await decideHoldRelease(again(admin), { approvalId, decision: "approved", reason: "Conferido por mim" });
      await run();
      expect((await row(id)).state).toBe(index === 0 ? "stored" : "deleted");
    }
  });

  it("accepts more recordings, once each, and counts those that were gone", async () => {
    const [first, second, gone] = await Promise.all([due(), due(), due()]);
    await database()
      .update(recordings)
      .set({ state: "deleting", deletingAt: new Date(), erasingAt: new Date() })
      .where(eq(recordings.id, gone.id));
    const { holdId } = await placeHold(again(dpo), { ...facts(dpo.userId), selection: { recordingIds: [first.id] } });
    const context = again(dpo);
    expect(await extendHold(context, { holdId, selection: { recordingIds: [first.id, second.id, gone.id] } })).toEqual({
      holdId,
      held: 1,
      widened: 0,
      broughtBack: 0,
      tooLate: 1,
      finished: true,
    });
    expect((await eventsOf(context)).map(({ action }) => action)).toEqual(["legal_hold.extended", "recording.held"]);
    expect((await holdRow(holdId)).tooLate).toBe(1);
    await expectRefusal(
      extendHold(again(dpo), { holdId, selection: { recordingIds: [first.id, gone.id] } }),
      "nothing_to_hold",
    );
    await expectRefusal(
      placeHold(again(dpo), { ...facts(dpo.userId), selection: { recordingIds: [gone.id] } }),
      "nothing_to_hold",
    );
  });

  it("of a supervisor covers their own units only, by selection and by search", async () => {
    const [mine, other] = await Promise.all([due(own), due(foreign)]);
    await expectRefusal(
      placeHold(again(supervisor), { ...facts(dpo.userId), selection: { recordingIds: [mine.id, other.id] } }),
      "not_found",
    );
    const preview = await previewHold(again(supervisor), { selection: { filters: { to: "2099-01-01" } } });
    expect(preview.units.map(({ id }) => id)).toEqual([own.unitId]);
    const { holdId, held } = await placeHold(again(supervisor), {
      ...facts(supervisor.userId),
      selection: { filters: { to: "2099-01-01" } },
    });
    expect(held).toBe(preview.recordings);
    const units = await database()
      .selectDistinct({ unitId: recordings.unitId })
      .from(legalHoldRecordings)
      .innerJoin(recordings, eq(recordings.id, legalHoldRecordings.recordingId))
      .where(eq(legalHoldRecordings.holdId, holdId));
    expect(units).toEqual([{ unitId: own.unitId }]);
    const all = await previewHold(again(dpo), { selection: { filters: { to: "2099-01-01" } } });
    expect(all.recordings).toBeGreaterThan(preview.recordings);
    await expectRefusal(
      extendHold(again(await person("supervisor", { unitIds: [own.unitId] })), {
        holdId,
        selection: { recordingIds: [mine.id] },
      }),
      "not_found",
    );
  });

  it("is changed with its version; the event names the fields, not their text", async () => {
    const { id } = await due();
    const { holdId } = await placeHold(again(dpo), { ...facts(dpo.userId), selection: { recordingIds: [id] } });
    const version = (await holdRow(holdId)).createdAt.toISOString();
    const context = again(dpo);
    await updateHold(context, { holdId, version, ...facts(supervisor.userId), matter: "Inquérito de Beltrano" });
    const events = await eventsOf(context);
    expect(events).toMatchObject([
      {
        action: "legal_hold.updated",
        targetId: holdId,
        details: { changed: ["matter", "ownerId"], ownerId: supervisor.userId, reviewOn: "2099-01-31" },
      },
    ]);
    expect(JSON.stringify(events)).not.toMatch(/Beltrano|Fulano/);
    await expectRefusal(updateHold(again(dpo), { holdId, version, ...facts(dpo.userId) }), "conflict");
    const changed = (await holdRow(holdId)).updatedAt!.toISOString();
    await expectRefusal(updateHold(again(dpo), { holdId, version: changed, ...facts(admin.userId) }), "invalid_input", {
      ownerId: "unknown",
    });
    await expectRefusal(
      updateHold(again(dpo), { holdId, version: changed, ...facts(dpo.userId), reviewOn: "2020-01-01" }),
      "invalid_input",
      { reviewOn: "past" },
    );
    await expectRefusal(
      updateHold(again(await person("supervisor")), { holdId, version: changed, ...facts(dpo.userId) }),
      "not_found",
    );
  });

  it("refuses invalid input and changes nothing", async () => {
    const { id } = await due();
    const before = await database().$count(legalHolds);
    await expectRefusal(
      placeHold(again(dpo), { ...facts(newId()), selection: { recordingIds: [id] } }),
      "invalid_input",
      { ownerId: "unknown" },
    );
    await expectRefusal(
      placeHold(again(dpo), { ...facts(dpo.userId), matter: " ", selection: { recordingIds: [id] } }),
      "invalid_input",
    );
    await expectRefusal(
      placeHold(again(dpo), { ...facts(dpo.userId), selection: { recordingIds: [newId()] } }),
      "not_found",
    );
    await expectRefusal(
      placeHold(again(dpo), { ...facts(dpo.userId), selection: { filters: { queueId: newId() } } }),
      "nothing_to_hold",
    );
    expect(await database().$count(legalHolds)).toBe(before);
  });
});

describe("a hold on a search larger than one batch", () => {
  it("continues after the commit; nothing is marked meanwhile, and the release works in batches too", async () => {
    const place = await unitWithQueue();
    await manyRecordings(4500, { ...place, startedAt: daysAgo(200) });
    const { holdId, held, finished } = await placeHold(again(dpo), {
      ...facts(dpo.userId),
      selection: { filters: { queueId: place.queueId } },
    });
    expect({ held, finished }).toEqual({ held: 2000, finished: false });
    expect(await keptBy(holdId)).toBe(2000);
    // The process with the job is killed; another one continues when the lease has expired.
    await claimJobs([{ kind: "legal_hold", busyLanes: [], leaseMs: 60_000 }]);
    await workOff("legal_hold");
    expect(await keptBy(holdId)).toBe(2000);
    await jobsTurnComes();
    await workOff("legal_hold");
    expect(await keptBy(holdId)).toBe(4500);
    expect((await holdRow(holdId)).placement).toBeNull();
    const [{ count }] = (await database().execute<{ count: number }>(
      sql`select count(*)::int as count from ${auditEvents}
        where action = 'recording.held' and details->>'holdId' = ${holdId}`,
    )) as unknown as [{ count: number }];
    expect(count).toBe(4500);
    const { approvalId } = await requestHoldRelease(again(dpo), { holdId, reason: "Encerrado" });
    await decideHoldRelease(again(admin), { approvalId, decision: "approved", reason: "Conferido por mim" });
    expect(await keptBy(holdId)).toBe(2500);
    await workOff("legal_hold");
    expect(await keptBy(holdId)).toBe(0);
    await database()
      .update(recordings)
      .set({ retainUntil: new Date("2099-01-01") })
      .where(eq(recordings.queueId, place.queueId));
  });

  /** A hold that a killed process left unfinished, without a job that would continue it in the background. */
  async function unfinishedHold(): Promise<string> {
    const holdId = newId();
    const placement = {
      filters: { queueId: newId() },
      unitIds: null,
      createdBefore: new Date().toISOString(),
      through: "00000000-0000-0000-0000-000000000000",
    };
    await database()
      .insert(legalHolds)
      .values({ id: holdId, ...facts(dpo.userId), placedById: dpo.userId, placement });
    return holdId;
  }
  const jobOf = (holdId: string) => ({ kind: "legal_hold" as const, key: holdId, payload: { holdId } });

  it("delays every deletion while it is placed", async () => {
    const { id } = await due();
    const holdId = await unfinishedHold();
    const { runId } = await startRetentionRun(job(), {});
    expect(await markDueRecordings(job(), { runId, limit: 10 })).toEqual({ recordingIds: [] });
    await expectRefusal(extendHold(again(dpo), { holdId, selection: { filters: { to: "2099-01-01" } } }), "conflict");
    // The scheduled run first finishes the placement; until then a run marks nothing.
    await run();
    expect((await row(id)).state).toBe("stored");
    await retentionCron(job(), null);
    expect((await holdRow(holdId)).placement).toBeNull();
    expect((await row(id)).state).toBe("deleted");
  });

  it("is finished by the scheduled run while another process has its job, or its job waits for later", async () => {
    const { id } = await due();
    const [running, waiting] = [await unfinishedHold(), await unfinishedHold()];
    const claimed = (await claimJob(jobOf(running), 60_000))!;
    const runAt = new Date(Date.now() + 3_600_000);
    await auditedTransaction((tx) => enqueueJob(tx, { ...jobOf(waiting), runAt }));
    expect(await retentionCron(job(), null)).toMatchObject({ state: "finished" });
    for (const holdId of [running, waiting]) expect((await holdRow(holdId)).placement).toBeNull();
    expect((await row(id)).state).toBe("deleted");
    expect(await continueHold(job(), { holdId: running })).toEqual({ finished: true });
    await completeJob(claimed);
  });

  it("that cannot be placed stops every deletion, but not the other holds", async () => {
    const { id } = await due();
    const [broken, other] = [await unfinishedHold(), await unfinishedHold()];
    const { placement } = await holdRow(broken);
    const unreadable = { ...placement!, filters: { queueId: "none" } };
    await database().update(legalHolds).set({ placement: unreadable }).where(eq(legalHolds.id, broken));
    expect(await retentionCron(job(), null)).toMatchObject({ marked: 0 });
    expect((await holdRow(other)).placement).toBeNull();
    expect((await row(id)).state).toBe("stored");

    await database().update(legalHolds).set({ placement }).where(eq(legalHolds.id, broken));
    await retentionCron(job(), null);
    expect((await row(id)).state).toBe("deleted");
  });
});
