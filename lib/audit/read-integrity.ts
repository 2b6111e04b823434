import { readTimeStampState } from "@/lib/audit/attestations/time-stamp-state";
import { readWitnessStates } from "@/lib/audit/attestations/witness-states";
import { asc, desc, isNotNull, isNull } from "drizzle-orm";
import { z } from "zod";
import { isUnsealed, lastSeal } from "@/lib/audit/unsealed-range";
import { auditEvents, auditSeals } from "@/lib/db/schema/audit";
import { readHeldSealing } from "@/lib/audit/held-sealing";
import { isSealerRunning } from "@/lib/audit/start-sealer";
import { query } from "@/lib/operation/operation";

/** Higher counts are shown as "more than". */
export const countedAtMost = 1000;

/** Unsealed events, and seals without an anchor, are late after this time. */
const lateAfterMs = 5 * 60_000;

/** The state of sealing and anchoring, for monitoring. */
export const readIntegrity = query({
  permission: "audit-event:list",
  input: z.object({}),
  run: async ({ db }) => {
    const last = await lastSeal(db);
    const unsealed = db
      .select({ at: auditEvents.occurredAt })
      .from(auditEvents)
      .where(isUnsealed(last))
      .orderBy(asc(auditEvents.transactionId))
      .limit(countedAtMost + 1);
    const unanchored = db
      .select({ at: auditSeals.sealedAt })
      .from(auditSeals)
      .where(isNull(auditSeals.anchoredAt))
      .orderBy(asc(auditSeals.sequence))
      .limit(countedAtMost + 1);
    const [anchor] = await db
      .select({ sequence: auditSeals.sequence, anchoredAt: auditSeals.anchoredAt })
      .from(auditSeals)
      .where(isNotNull(auditSeals.anchoredAt))
      .orderBy(desc(auditSeals.sequence))
      .limit(1);
    const [unsealedRows, unanchoredRows] = await Promise.all([unsealed, unanchored]);
    const held = await readHeldSealing(db);
    const oldest = [unsealedRows[0]?.at, unanchoredRows[0]?.at].filter((at) => at !== undefined);
    return {
      lastSeal: last ? { sequence: last.sequence, sealedAt: last.sealedAt, signingKeyId: last.signingKeyId } : null,
      lastAnchor: anchor ? { sequence: anchor.sequence, anchoredAt: anchor.anchoredAt! } : null,
      waiting: { count: unsealedRows.length, oldestAt: unsealedRows[0]?.at ?? null },
      unanchored: unanchoredRows.length,
      held,
      leavesCounters: isSealerRunning(),
      witnesses: await readWitnessStates(db),
      timestamps: await readTimeStampState(db),
      isLate: oldest.some((at) => Date.now() - at.getTime() > lateAfterMs),
    };
  },
});

export type Integrity = Awaited<ReturnType<typeof readIntegrity>>;
