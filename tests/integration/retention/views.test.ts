import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { today } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { auditEvents, legalHoldRecordings, legalHolds, retentionRuns } from "@/lib/db/schema";
import { countHolds } from "@/lib/legal-holds/count-holds";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { newId } from "@/lib/core/new-id";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { forecastRetention } from "@/lib/retention/forecast-retention";
import { listRetentionRuns } from "@/lib/deletion/runs/list-retention-runs";
import { previewRetention } from "@/lib/retention/preview-retention";
import { retentionHealth } from "@/lib/overview/retention-health";
import { person } from "../../support/actors";
import {
  admin,
  daysAgo,
  eventsAbout,
  job,
  localMidnight,
  policy,
  storedRecording,
  unitWithQueue,
} from "../../support/recordings";

describe("views", () => {
  let place: Awaited<ReturnType<typeof unitWithQueue>>;
  beforeAll(async () => {
    await policy(90);
    place = await unitWithQueue();
    await policy(60, { queueId: place.queueId }, "Fila");
  });

  it("previewRetention lists what is due by pages, oldest date first, with the policy", async () => {
    const due = await Promise.all(
      [200, 150, 120, 100, 95].map((days) => storedRecording({ unitId: place.unitId, startedAt: daysAgo(days) })),
    );
    const byQueue = await storedRecording({ ...place, startedAt: daysAgo(70) });
    await storedRecording({ unitId: place.unitId, startedAt: daysAgo(70) });
    const found: string[] = [];
    let cursor: { retainUntil: Date; recordingId: string } | null | undefined;
    do {
      const page = await previewRetention(job(), { limit: 2, cursor: cursor ?? undefined });
      found.push(...page.recordings.map(({ recordingId }) => recordingId));
      expect(page.totals.map(({ name, recordings }) => ({ name, recordings }))).toEqual([
        { name: "Fila", recordings: 1 },
        { name: "Padrão", recordings: 5 },
      ]);
      cursor = page.nextCursor;
    } while (cursor);
    const ids = due.map(({ id }) => id);
    expect(found).toEqual([...ids.slice(0, 4), byQueue.id, ids[4]]);
    const [first] = (await previewRetention(job(), { limit: 1 })).recordings;
    expect(first).toMatchObject({
      queue: null,
      startedAt: daysAgo(200),
      retainUntil: localMidnight(-200 + 91),
      policy: { name: "Padrão", version: 1 },
    });
  });

  it("forecastRetention counts what is due now and on each coming local day", async () => {
    await storedRecording({ unitId: place.unitId, startedAt: daysAgo(90) });
    await storedRecording({ unitId: place.unitId, startedAt: daysAgo(89) });
    await storedRecording({ unitId: place.unitId, startedAt: daysAgo(89) });
    await storedRecording({ ...place, startedAt: daysAgo(59) });
    const { today, dueNow, days, policies } = await forecastRetention(admin(), { days: 30 });
    const [byQueue, byDefault] = ["Fila", "Padrão"].map((name) => policies.find((found) => found.name === name)!.id);
    const dayOf = (offset: number) => localMidnight(offset).toISOString().slice(0, 10);
    expect(today).toBe(dayOf(0));
    expect(dueNow).toEqual({ recordings: 6, sizeBytes: 384 });
    expect(days).toHaveLength(30);
    expect([days[0]!.day, days[29]!.day]).toEqual([dayOf(1), dayOf(30)]);
    expect(policies.map(({ name, recordings }) => [name, recordings])).toEqual([
      ["Padrão", 4],
      ["Fila", 1],
    ]);
    const share = (policyId: string | undefined, recordings: number) => ({
      policyId,
      recordings,
      sizeBytes: recordings * 64,
    });
    expect(
      days
        .filter(({ recordings }) => recordings > 0)
        .map(({ shares, ...day }) => ({ ...day, shares: shares.toSorted((a, b) => b.recordings - a.recordings) })),
    ).toEqual([
      { day: dayOf(1), recordings: 1, sizeBytes: 64, held: 0, shares: [share(byDefault, 1)] },
      { day: dayOf(2), recordings: 3, sizeBytes: 192, held: 0, shares: [share(byDefault, 2), share(byQueue, 1)] },
      { day: dayOf(21), recordings: 1, sizeBytes: 64, held: 0, shares: [share(byDefault, 1)] },
    ]);
    const { userId } = await person("dpo");
    const held = await storedRecording({ unitId: place.unitId, startedAt: daysAgo(88) });
    const holdId = newId();
    await database().insert(legalHolds).values({
      id: holdId,
      matter: "Processo 0001",
      reason: "Ação em curso",
      ownerId: userId,
      placedById: userId,
      reviewOn: "2099-01-31",
    });
    await database().insert(legalHoldRecordings).values({ holdId, recordingId: held.id });
    const withHold = await forecastRetention(admin(), { days: 30 });
    expect(withHold).toMatchObject({ dueNow, policies, held: 1 });
    expect(withHold.days).toEqual(days.map((day, index) => (index === 2 ? { ...day, held: 1 } : day)));
  });

  it("a supervisor's forecast covers their units and counts exactly what its links list", async () => {
    const elsewhere = await unitWithQueue();
    await storedRecording({ unitId: elsewhere.unitId, startedAt: daysAgo(89) });
    const [own, nobody] = [await person("supervisor", { unitIds: [place.unitId] }), await person("supervisor")];
    const all = await forecastRetention(admin(), {});
    const seen = await forecastRetention(own.context, {});
    expect([all.days[1]!.recordings, seen.days[1]!.recordings]).toEqual([4, 3]);
    expect(await forecastRetention(nobody.context, {})).toMatchObject({
      dueNow: { recordings: 0 },
      held: 0,
      policies: [],
      days: seen.days.map(({ day }) => ({ day, recordings: 0, shares: [] })),
    });
    for (const context of [admin(), own.context]) {
      const { today, dueNow, days, held } = await forecastRetention(context, {});
      const list = async (filters: Parameters<typeof listRecordings>[1]) =>
        (await listRecordings(context, { state: "stored", limit: 200, ...filters })).rows.length;
      expect(await list({ dueTo: today, held: "no" })).toBe(dueNow.recordings);
      expect(await list({ dueTo: days.at(-1)!.day, held: "yes" })).toBe(held);
      for (const { day, recordings, shares } of days.filter((one) => one.recordings > 0)) {
        expect(await list({ dueFrom: day, dueTo: day, held: "no" })).toBe(recordings);
        for (const { policyId, recordings: found } of shares)
          expect(await list({ dueFrom: day, dueTo: day, held: "no", policyId })).toBe(found);
      }
    }
  });

  it("a hold for a whole day and policy keeps what the list shows, for a supervisor only in their units", async () => {
    const own = await person("supervisor", { unitIds: [place.unitId] });
    const { days } = await forecastRetention(own.context, {});
    const filters = {
      state: "stored" as const,
      held: "no" as const,
      dueFrom: days[1]!.day,
      dueTo: days[1]!.day,
      policyId: days[1]!.shares.find(({ recordings }) => recordings === 2)!.policyId,
    };
    const { rows } = await listRecordings(own.context, filters);
    expect(rows).toHaveLength(2);
    const everywhere = await forecastRetention(admin(), {});
    const { holdId, held } = await placeHold(own.context, {
      matter: "Processo 0002",
      reason: "Ação em curso",
      ownerId: own.userId,
      reviewOn: "2099-01-31",
      selection: { filters },
    });
    expect(held).toBe(2);
    const kept = await database()
      .select({ id: legalHoldRecordings.recordingId })
      .from(legalHoldRecordings)
      .where(eq(legalHoldRecordings.holdId, holdId));
    expect(kept.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort());
    expect((await forecastRetention(own.context, {})).days[1]).toMatchObject({ recordings: 1, held: 2 });
    expect((await forecastRetention(admin(), {})).days[1]).toMatchObject({
      recordings: everywhere.days[1]!.recordings - 2,
      held: 2,
    });
    expect((await eventsAbout(holdId, "legal_hold.placed"))[0]).toMatchObject({
      actorId: own.userId,
      details: { recordings: 2, bySearch: true },
    });
    const auditor = await person("auditor");
    await expect(
      placeHold(auditor.context, {
        matter: "Processo 0003",
        reason: "Ação em curso",
        ownerId: own.userId,
        reviewOn: "2099-01-31",
        selection: { filters },
      }),
    ).rejects.toMatchObject({ code: "forbidden" });
    expect(
      (
        await database()
          .select({ action: auditEvents.action })
          .from(auditEvents)
          .where(eq(auditEvents.actorId, auditor.userId))
      ).map(({ action }) => action),
    ).toEqual(["access.denied"]);
  });

  it("countHolds counts active holds and those past their review date, for a supervisor their own", async () => {
    const own = await person("supervisor", { unitIds: [place.unitId] });
    const before = await countHolds(admin(), {});
    const hold = (reviewOn: string, releasedAt: Date | null = null) => ({
      id: newId(),
      matter: "Processo 0004",
      reason: "Ação em curso",
      ownerId: own.userId,
      placedById: own.userId,
      reviewOn,
      releasedAt,
    });
    await database()
      .insert(legalHolds)
      .values([hold("2020-01-31"), hold("2099-01-31"), hold("2020-01-31", new Date()), hold(today())]);
    expect(await countHolds(own.context, {})).toEqual({ inForce: 3, reviewDue: 1 });
    expect(await countHolds(admin(), {})).toEqual({ inForce: before.inForce + 3, reviewDue: before.reviewDue + 1 });
    expect(await countHolds((await person("supervisor")).context, {})).toEqual({ inForce: 0, reviewDue: 0 });
  });

  it("listRetentionRuns lists by pages, and an alarm follows 26 hours without a successful run", async () => {
    const now = Date.now();
    expect(await retentionHealth(database(), new Date(now)), "set up today").toEqual({
      overdue: false,
      lastRunAt: null,
    });
    expect(await retentionHealth(database(), new Date(now + 27 * 3_600_000))).toEqual({
      overdue: true,
      lastRunAt: null,
    });
    const at = (hours: number) => new Date(now - hours * 3_600_000);
    const runs = Array.from({ length: 7 }, (_, index) => ({
      id: newId(),
      startedAt: at(30 + index),
      finishedAt: at(25 + index),
      progressAt: at(25),
      state: "finished" as const,
      held: index,
    }));
    await database().insert(retentionRuns).values(runs);
    await database()
      .insert(retentionRuns)
      .values({ id: newId(), startedAt: at(1), finishedAt: at(1), progressAt: at(1), state: "failed" });
    expect(await retentionHealth(database(), new Date(now))).toEqual({ overdue: false, lastRunAt: at(25) });
    expect((await retentionHealth(database(), new Date(now + 2 * 3_600_000))).overdue).toBe(true);
    const first = await listRetentionRuns(admin(), { limit: 5 });
    const second = await listRetentionRuns(admin(), { limit: 5, cursor: first.nextCursor! });
    expect(first.runs).toHaveLength(5);
    expect(first.runs.map(({ held }) => held)).toEqual([0, 0, 1, 2, 3]);
    expect(second.runs.map(({ id }) => id)).toEqual(runs.slice(4).map(({ id }) => id));
    expect(second.nextCursor).toBeNull();
  });
});
