import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { eq, isNull } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, retentionMoves } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { recalculateRetention } from "@/lib/retention/policies/recalculate-retention";
import { endOfPeriod } from "@/lib/core/time";
import { changeTerms, inDays, setDays } from "../../support/policy-changes";
import { daysAgo, job, policy, storedRecording, unitWithQueue } from "../../support/recordings";
import { loadTypescript } from "../../support/load-typescript";

const program = fileURLToPath(new URL("./killed-move.ts", import.meta.url));
const startedAt = daysAgo(10);
const until = (days: number) => endOfPeriod(startedAt, inDays(days), env().CONTROLLER_TIME_ZONE);

const dated = async (unitId: string) =>
  database()
    .select({ until: recordings.retainUntil, version: recordings.retentionPolicyVersion })
    .from(recordings)
    .where(eq(recordings.unitId, unitId));
const open = () => database().select().from(retentionMoves).where(isNull(retentionMoves.finishedAt));

beforeAll(async () => void (await policy(90)));

async function unitWithCalls(count: number) {
  const { unitId } = await unitWithQueue();
  const policyId = await policy(90, { unitId }, "Unidade");
  await Promise.all(Array.from({ length: count }, () => storedRecording({ unitId, startedAt })));
  return { unitId, policyId };
}

/** The state after a change before any recalculation. */
async function changedWithoutMoving(policyId: string, unitId: string, days: number) {
  const old = { until: until(90), version: 1 };
  await setDays(policyId, days);
  await database()
    .update(recordings)
    .set({ retainUntil: old.until, retentionPolicyVersion: 1 })
    .where(eq(recordings.unitId, unitId));
  await database()
    .insert(retentionMoves)
    .values({ id: newId(), policyId, version: 2, ofDefault: false, unitId, lowersMinimum: false });
}

it.each([0, 1, 2])(
  "after a kill in a batch, with %i finished ones, committed dates stay and the job does the rest",
  async (batches) => {
    const { unitId, policyId } = await unitWithCalls(9);
    await changedWithoutMoving(policyId, unitId, 365);
    const { signal } = await new Promise<{ signal: unknown }>((resolve) =>
      execFile(process.execPath, ["--import", loadTypescript, program, "3", String(batches)], (error) =>
        resolve({ signal: error?.signal }),
      ),
    );
    expect(signal).toBe("SIGKILL");
    const moved = (await dated(unitId)).filter(({ version }) => version === 2);
    expect(moved).toHaveLength(batches * 3);
    expect(await open()).toHaveLength(1);
    while (!(await recalculateRetention(job(), {})).finished);
    expect(await dated(unitId)).toEqual(Array.from({ length: 9 }, () => ({ until: until(365), version: 2 })));
    expect(await open()).toEqual([]);
  },
);

it("two parallel changes give every recording the dates of both", async () => {
  const { unitId, policyId } = await unitWithCalls(12);
  const wide = await policy(120, { unitId }, "Outra");
  await Promise.all([
    setDays(policyId, 300),
    setDays(wide, 200),
    ...Array.from({ length: 4 }, () => storedRecording({ unitId, startedAt })),
  ]);
  expect(await dated(unitId)).toEqual(Array.from({ length: 16 }, () => ({ until: until(300), version: 2 })));
  const [first, second] = await Promise.allSettled([
    changeTerms(wide, { period: inDays(400) }),
    changeTerms(wide, { period: inDays(500) }),
  ]);
  expect([first.status, second.status].sort()).toEqual(["fulfilled", "rejected"]);
  expect(await open()).toEqual([]);
});
