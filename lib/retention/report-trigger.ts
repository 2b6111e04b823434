import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { actorId, type Actor } from "@/lib/operation/actor";
import type { Transaction } from "@/lib/db/client";
import { recordings, retentionTriggers } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { uploadedBy } from "@/lib/recordings/uploader";
import { assignRetention } from "@/lib/retention/retention-assignment";
import { lastTriggers } from "@/lib/recordings/last-triggers";
import { lockPoliciesForUse } from "@/lib/retention/policies/policy-rows";
import { nextDates } from "@/lib/retention/dates-calculator";
import { writeDates } from "@/lib/retention/recalculation-batch";

/** A retention trigger as a phone system reports it. */
export const triggerReport = z.object({
  kind: z.enum(retentionTriggers.kind.enumValues).describe("Kind of trigger"),
  occurredAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .refine((at) => at.getTime() <= Date.now() + 60_000, { message: "in_the_future" })
    .describe("Date of the trigger, RFC 3339 with offset; not in the future"),
});

const input = triggerReport.extend({ recordingId: z.uuid() });

export type TriggerReport = z.input<typeof input>;

/**
 * Records a retention trigger and recalculates the recording's dates. The last report of each kind counts: repeating it
 * changes nothing, a different one corrects it. It never shortens the recording's legal minimum, because one person or
 * phone system may not; the result then has `minimumKept`.
 * @throws AppError `not_found`, also for another service account's recording; `conflict` if the recording is not
 * stored.
 */
export const reportTrigger = command({
  permission: "retention-trigger:report",
  input,
  audits: ["recording.trigger_reported"],
  run: async ({ tx, actor, input: { recordingId, kind, occurredAt } }) => {
    await lockPoliciesForUse(tx);
    const recording = await storedRecording(tx, actor, recordingId);
    const known = (await lastTriggers(tx, [recordingId])).get(recordingId) ?? {};
    const computed = await assignRetention(tx, recording, { ...known, [kind]: occurredAt });
    const dates = nextDates(recording, computed, false);
    const minimumKept = dates.minimumUntil?.getTime() !== computed.minimumUntil?.getTime();
    const result = ({ retainUntil, minimumUntil }: { retainUntil: Date | null; minimumUntil: Date | null }) => ({
      id: recordingId,
      retainUntil: retainUntil!,
      minimumUntil,
      minimumKept,
    });
    if (known[kind]?.getTime() === occurredAt.getTime()) return { result: result(recording), unchanged: true };
    const by = { reportedByType: actor.type as "service" | "user", reportedById: actorId(actor)! };
    await tx.insert(retentionTriggers).values({ id: newId(), recordingId, kind, occurredAt, ...by });
    await writeDates(tx, [{ id: recordingId, ...dates }]);
    const iso = (date: Date | null | undefined) => date?.toISOString() ?? null;
    const details = {
      kind,
      occurredAt: iso(occurredAt),
      previous: iso(known[kind]),
      retainUntil: iso(dates.retainUntil),
      minimumUntil: iso(dates.minimumUntil),
      minimumKept,
      policyId: dates.retentionPolicyId,
    };
    return {
      result: result(dates),
      audits: [
        auditEvent("recording.trigger_reported", {
          target: { type: "recording", id: recordingId, unitId: recording.unitId },
          details,
        }),
      ],
    };
  },
});

async function storedRecording(tx: Transaction, actor: Actor, recordingId: string) {
  const scope = actor.type === "service" ? uploadedBy(actor) : recordingScope(actor);
  const [recording] = await tx
    .select()
    .from(recordings)
    .where(and(eq(recordings.id, recordingId), scope))
    .for("update");
  if (!recording) throw new AppError("not_found");
  if (recording.state !== "stored") throw new AppError("conflict", `recording is ${recording.state}`);
  return recording;
}
