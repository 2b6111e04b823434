import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionRuns, type RunWait } from "@/lib/db/schema/retention";
import { isUnderChange } from "@/lib/recordings/change-in-progress";
import { isHeld } from "@/lib/recordings/may-be-deleted";
import { isOverdue } from "@/lib/retention/due-condition";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { countWaiting } from "@/lib/deletion/waiting-deletions";
import { countBlocked, countByHold, countDoubtful, countDue, countHeld, sumShares } from "@/lib/retention/due-counts";
import { readDatabaseTime } from "@/lib/db/database-time";

export const endStates = ["finished", "out_of_time", "failed"] as const;

/** Why a run failed, as its report says it: the stores, the ledger, or what only the server's log tells. */
export const runFailures = ["store_failed", "erasure_ledger_ahead", "internal"] as const;
export type RunFailure = (typeof runFailures)[number];

/** What a run answers: its counts, and what is still past its date or half deleted. */
export type RetentionRunResult = {
  runId: string;
  state: (typeof endStates)[number];
  due: number;
  marked: number;
  deleted: number;
  failed: number;
  /** Past their date and kept by a legal hold; in no other count. */
  held: number;
  /** Past their date, but it is doubtful, so retention keeps them. In no other count. */
  doubtfulDate: number;
  /** Past their date, but their processing is suspended. In no other count. */
  blocked: number;
  bytesDeleted: number;
  remaining: number;
  /** `remaining`, told apart by why. */
  waiting: RunWait[];
  durationMs: number;
};

/** Closes a run and answers its counts, which each step added in its own transaction. */
export const finishRetentionRun = command({
  permission: "retention:run",
  input: z.object({
    runId: z.uuid(),
    state: z.enum(endStates),
    failureCode: z.enum(runFailures).nullable().default(null),
  }),
  audits: ["retention_run.finished"],
  run: async ({ tx, input: { runId, state, failureCode } }) => {
    const finishedAt = await readDatabaseTime(tx);
    const [remainingBy, heldBy, doubtfulDateBy, blockedBy, holds] = [
      await countDue(tx, finishedAt),
      await countHeld(tx, finishedAt),
      await countDoubtful(tx, finishedAt),
      await countBlocked(tx, finishedAt),
      await countByHold(tx, finishedAt),
    ];
    const [remaining, held] = [sumShares(remainingBy), sumShares(heldBy)];
    const [doubtfulDate, blocked] = [sumShares(doubtfulDateBy), sumShares(blockedBy)];
    const waiting = await leftBehind(tx, finishedAt, remaining);
    const ended = {
      state,
      failureCode,
      finishedAt,
      progressAt: finishedAt,
      remaining,
      waiting,
      held,
      doubtfulDate,
      blocked,
      remainingBy,
      heldBy,
      doubtfulDateBy,
      blockedBy,
      holds,
    };
    const [run] = await tx.update(retentionRuns).set(ended).where(eq(retentionRuns.id, runId)).returning();
    if (!run) throw new AppError("not_found", "no such retention run");
    const { due, marked, deleted, failed, bytesDeleted, startedAt } = run;
    const counts = {
      due,
      marked,
      deleted,
      failed,
      held,
      doubtfulDate,
      blocked,
      bytesDeleted,
      remaining,
      durationMs: finishedAt.getTime() - startedAt.getTime(),
    };
    const event = auditEvent("retention_run.finished", {
      outcome: state === "failed" ? "failure" : "success",
      target: { type: "retention_run", id: runId },
      details: { state, ...(failureCode === null ? {} : { failureCode }), ...counts },
    });
    return { result: { runId, state, ...counts, waiting } satisfies RetentionRunResult, audits: [event] };
  },
});

/** What a run left, by why: in deletion, or past its date and not even marked. */
async function leftBehind(tx: Transaction, now: Date, remaining: number): Promise<RunWait[]> {
  const inDeletion = await countWaiting(tx);
  const notMarked = remaining - inDeletion.reduce((sum, { recordings: count }) => sum + count, 0);
  if (notMarked <= 0) return inDeletion;
  const isLate = and(isOverdue(now), sql`${isUnderChange()} and not ${isHeld()}`);
  const underChange = await tx.$count(recordings, isLate);
  const unmarked = { policy_change: underChange, not_reached: notMarked - underChange };
  const told = Object.entries(unmarked).filter(([, count]) => count > 0);
  return [
    ...inDeletion,
    ...told.map(([reason, count]) => ({ reason: reason as RunWait["reason"], recordings: count, until: null })),
  ];
}
