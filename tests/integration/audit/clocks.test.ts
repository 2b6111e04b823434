import { asc, eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { noHash, signSeal } from "@/lib/audit/seal";
import { readLeaves, readSeals, sealRowOf, signedSealOf } from "@/lib/audit/seal-row";
import { packLeaves } from "@/lib/audit/merkle-tree";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { readDatabaseTime } from "@/lib/db/database-time";
import { database } from "@/lib/db/client";
import { auditSeals, auditEvents } from "@/lib/db/schema/audit";
import { startSession } from "@/lib/access/sign-in/start-session";
import { playbackGrants, sessions } from "@/lib/db/schema";
import { grantPlayback } from "@/lib/playback/grant-playback";
import { account, anonymous, knownPassword } from "../../support/people";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";
import { append, asAttacker, emptyLog, seal, verify } from "../../support/log-under-test";

beforeEach(async () => {
  await emptyLog();
  for (let batch = 0; batch < 3; batch += 1) {
    await append(2);
    await seal();
  }
});
afterEach(() => vi.useRealTimers());

const hourMs = 3_600_000;

/** Signs all seals anew with the stolen key, as of other times. The anchors would show it; they are left out. */
async function resealAt(timeOf: (sequence: number, sealedAt: Date) => Date): Promise<void> {
  const rows: (typeof auditSeals.$inferInsert)[] = [];
  for await (const row of readSeals(database(), { fromSequence: 1, toSequence: Infinity })) {
    const previousHash = rows.at(-1)?.hash.toString("hex") ?? noHash;
    const sealedAt = timeOf(row.sequence, row.sealedAt).toISOString();
    const signed = signSeal({ ...signedSealOf(row).seal, previousHash, sealedAt }, currentSigningKey().privateKey);
    rows.push(sealRowOf(signed, packLeaves(await readLeaves(database(), row.sequence))));
  }
  await asAttacker((sql) => sql`truncate audit_seals`);
  await database().insert(auditSeals).values(rows);
}

const earlier = (at: Date) => new Date(at.getTime() - hourMs);

describe("times that contradict each other", () => {
  it("are told of events later than their seal", async () => {
    await resealAt((_sequence, sealedAt) => earlier(sealedAt));
    const report = await verify({ store: null });
    expect(report).toMatchObject({ counts: { event_after_seal: 7 } });
    expect(report.counts).not.toHaveProperty("seal_back_in_time");
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: "event_after_seal", seal: 2, eventId: expect.any(String) as string }),
    );
  });

  it("are told of a seal earlier than the one before it", async () => {
    await resealAt((sequence, sealedAt) => (sequence === 3 ? earlier(sealedAt) : sealedAt));
    expect(await verify({ store: null })).toMatchObject({ verdict: "broken", counts: { seal_back_in_time: 1 } });
  });

  it("are none within a minute", async () => {
    await resealAt((sequence, sealedAt) => new Date(sealedAt.getTime() - (sequence === 3 ? 30_000 : 0)));
    expect(Object.keys((await verify({ store: null })).counts)).toEqual(["anchors_unreachable"]);
  });
});

describe("a process whose clock is an hour slow", () => {
  it("seals by the database's clock, and its events show as they are", async () => {
    const before = await readDatabaseTime(database());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - hourMs });
    await append(1);
    await seal();
    vi.useRealTimers();
    const rows = await database()
      .select({ at: auditSeals.sealedAt })
      .from(auditSeals)
      .orderBy(asc(auditSeals.sequence));
    expect(rows.at(-1)!.at.getTime()).toBeGreaterThanOrEqual(before.getTime());
    const events = await database().select({ at: auditEvents.occurredAt }).from(auditEvents);
    expect(Math.min(...events.map(({ at }) => at.getTime()))).toBeLessThan(before.getTime() - hourMs / 2);
  });

  it("starts a session and grants a playback that end by the database's clock", async () => {
    const { unitId } = await unitWithQueue();
    await policy(90);
    const supervisor = await account("supervisor", [unitId]);
    const { id: recordingId } = await storedRecording({ unitId, startedAt: daysAgo(1) });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 24 * hourMs });
    const { sessionId } = await startSession(anonymous(), { email: supervisor.email, password: knownPassword });
    const actor = {
      type: "user",
      userId: supervisor.userId,
      role: "supervisor",
      unitIds: [unitId],
      sessionId,
      hasFreshProof: true,
    } as const;
    const context = { ...anonymous(), actor };
    const { grantId } = await grantPlayback(context, { recordingId, purpose: "training", reference: "OS-1" });
    vi.useRealTimers();
    const left = sql<number>`extract(epoch from expires_at - now())::float8`;
    const [session] = await database().select({ left }).from(sessions).where(eq(sessions.id, sessionId));
    const [grant] = await database().select({ left }).from(playbackGrants).where(eq(playbackGrants.id, grantId));
    expect(session!.left).toBeGreaterThan(3600);
    expect(grant!.left).toBeGreaterThan(60);
  });
});
