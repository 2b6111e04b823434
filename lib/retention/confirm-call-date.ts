import { sql } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { idList } from "@/lib/db/id-list";
import { recordings } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import {
  callDateInput,
  readCallDateDecision,
  type CallDateDecision,
  type DecidedDates,
} from "@/lib/retention/call-date-decision";
import { lockPoliciesForUse } from "@/lib/retention/policies/policy-rows";
import { writeDates } from "@/lib/retention/recalculation-batch";

/**
 * Confirms or corrects the doubtful start of a call, for all its recordings that were stored with it. Their policies
 * and dates are assigned anew, and retention deletes them by these. `shown`: what the person was told would follow.
 * @throws AppError `not_found`; `conflict` when somebody decided before, the recording is not stored, or other
 * recordings or an earlier date than shown would follow; `invalid_input` for a start in the future.
 */
export const confirmCallDate = command({
  permission: "call-date:confirm",
  input: callDateInput.extend({
    shownRecordings: z.coerce.number().int().min(1),
    shownRetainUntil: z.coerce.date(),
  }),
  audits: ["recording.date_confirmed", "recording.date_corrected"],
  run: async ({ tx, actor, input: { shownRecordings, shownRetainUntil, ...input } }) => {
    await lockPoliciesForUse(tx);
    const decision = await readCallDateDecision(tx, actor, input, true);
    const { decided, startedAt } = decision;
    const isAsShown = decided.every(({ dates }) => dates.retainUntil >= shownRetainUntil);
    if (decided.length !== shownRecordings || !isAsShown)
      throw new AppError("conflict", "other recordings or an earlier date than shown");
    const ids = decided.map(({ recording }) => recording.id);
    await tx
      .update(recordings)
      .set({ startedAt, dateDoubt: null })
      .where(sql`${recordings.id} = any(${idList(ids)})`);
    await writeDates(
      tx,
      decided.map(({ recording, dates }) => ({ id: recording.id, ...dates })),
    );
    const [first, ...others] = decided.map((item) => describe(decision, item));
    return { result: { recordings: decided.length }, audits: [first!, ...others] };
  },
});

function describe({ startedAt, isCorrection }: CallDateDecision, { recording, dates, minimumKept }: DecidedDates) {
  const iso = (date: Date | null) => date?.toISOString() ?? null;
  return auditEvent(isCorrection ? "recording.date_corrected" : "recording.date_confirmed", {
    target: { type: "recording", id: recording.id, unitId: recording.unitId },
    details: {
      dateDoubt: recording.dateDoubt,
      startedAtBefore: iso(recording.startedAt),
      startedAt: iso(startedAt),
      retainUntilBefore: iso(recording.retainUntil),
      retainUntil: iso(dates.retainUntil),
      policyBefore: recording.retentionPolicyId,
      policyId: dates.retentionPolicyId,
      minimumUntil: iso(dates.minimumUntil),
      minimumKept,
    },
  });
}
