import { and, inArray, isNull, lt, notExists, sql } from "drizzle-orm";
import { none, daysBefore, type ControlGroup } from "@/lib/compliance/controls/control";
import { today } from "@/lib/core/time";
import {
  deletionOrders,
  erasureLedger,
  legalHoldRecordings,
  legalHolds,
  recordingBlocks,
  recordings,
  retentionRuns,
  storeScanFindings,
  users,
} from "@/lib/db/schema";
import { isOverdue } from "@/lib/retention/due-condition";

const isHeld = sql`exists (select from ${legalHoldRecordings}
  where ${legalHoldRecordings.recordingId} = ${recordings.id} and ${legalHoldRecordings.releasedAt} is null)`;

/** Deletion on time, and what may stop it (LGPD Art. 5 XIII, 15 and 16). */
export const retentionControls = {
  retention_runs: {
    articles: ["LGPD, art. 15", "LGPD, art. 16"],
    check: async ({ db, now }) => {
      const ended = inArray(retentionRuns.state, ["finished", "out_of_time"]);
      const [row] = await db
        .select({ last: sql<Date | null>`max(${retentionRuns.finishedAt})`.mapWith(retentionRuns.finishedAt) })
        .from(retentionRuns)
        .where(ended);
      const last = row?.last ?? null;
      return {
        holds: last !== null && last > daysBefore(now, 26 / 24),
        evidence: { lastRunAt: last?.toISOString() ?? null },
      };
    },
  },
  nothing_past_date: none(["LGPD, art. 15", "LGPD, art. 16"], "recordings", (now) => ({
    from: recordings,
    where: and(isOverdue(daysBefore(now, 2)), sql`not ${isHeld}`),
  })),
  deletions_end: none(["LGPD, art. 5º, XIV", "LGPD, art. 16"], "recordings", (now) => ({
    from: recordings,
    where: and(sql`${recordings.state} = 'deleting'`, lt(recordings.deletingAt, daysBefore(now, 1))),
  })),
  deletion_orders_end: none(["LGPD, art. 16"], "orders", (now) => ({
    from: deletionOrders,
    where: and(
      inArray(deletionOrders.state, ["awaiting_approval", "running"]),
      lt(deletionOrders.createdAt, daysBefore(now, 7)),
    ),
  })),
  ledger_copied: none(["LGPD, art. 16", "LGPD, art. 46"], "entries", (now) => ({
    from: erasureLedger,
    where: and(isNull(erasureLedger.writtenAt), lt(erasureLedger.createdAt, daysBefore(now, 1 / 24))),
  })),
  holds_reviewed: none(["LGPD, art. 6º, III", "LGPD, art. 7º, VI"], "holds", (now) => ({
    from: legalHolds,
    where: and(isNull(legalHolds.releasedAt), sql`${legalHolds.reviewOn} < ${today(now)}::date`),
  })),
  holds_have_owner: {
    articles: ["LGPD, art. 6º, X", "LGPD, art. 7º, VI"],
    check: async ({ db }) => {
      const owner = db
        .select({ id: users.id })
        .from(users)
        .where(sql`${users.id} = ${legalHolds.ownerId} and ${users.active}`);
      const found = await db.$count(legalHolds, and(isNull(legalHolds.releasedAt), notExists(owner)));
      return { holds: found === 0, evidence: { holds: found } };
    },
  },
  held_objects_locked: none(["LGPD, art. 46"], "findings", () => ({
    from: storeScanFindings,
    where: and(
      isNull(storeScanFindings.resolvedAt),
      isNull(storeScanFindings.acknowledgedAt),
      sql`${storeScanFindings.kind} = 'hold_not_locked'`,
    ),
  })),
  blocks_reviewed: none(["LGPD, art. 5º, XIII", "LGPD, art. 18, IV"], "blocks", (now) => ({
    from: recordingBlocks,
    where: and(isNull(recordingBlocks.liftedAt), lt(recordingBlocks.createdAt, daysBefore(now, 180))),
  })),
} satisfies ControlGroup;
