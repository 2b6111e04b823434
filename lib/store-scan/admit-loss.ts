import { severalLines } from "@/lib/core/text-input";
import { and, eq, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { actorId } from "@/lib/operation/actor";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { deletionOrders } from "@/lib/db/schema/deletion";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import { recordings } from "@/lib/db/schema/recordings";
import { databaseNow } from "@/lib/db/schema/columns";
import { examineRecording } from "@/lib/store-scan/compare/examine-recording";
import { storeKinds } from "@/lib/store-scan/found-discrepancy";
import { type RecordingInCustody, readRecordingInCustody } from "@/lib/store-scan/compare/list-recordings-to-verify";
import { lockOpenFinding, readOpenFinding } from "@/lib/store-scan/lock-open-finding";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { groundDetails, groundInput } from "@/lib/deletion/legal-ground";
import { markForDeletion } from "@/lib/deletion/mark-for-deletion";
import { configuredStores } from "@/lib/storage/configured-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import { transactionNow } from "@/lib/db/schema/columns";

/**
 * Records that the object of a recording is lost, and deletes the recording by the usual steps. The store is checked
 * again first. A recording that a hold or its legal minimum keeps is refused, and its finding stays.
 * @throws AppError `not_found`; `conflict` when the object is back; `copy_exists` when a copy still has it;
 * `recording_kept`; `store_unavailable`.
 */
export const admitLoss = command({
  permission: "store-scan:admit-loss",
  input: z.intersection(z.object({ findingId: z.uuid(), justification: severalLines(2000) }), groundInput),
  audits: ["recording.marked_for_deletion", "store_scan.discrepancy_remedied"],
  prepare: async ({ db, input: { findingId } }) => {
    const { recordingId } = await readOpenFinding(db, findingId, ["object_missing"]);
    const recording = await readRecordingInCustody(db, recordingId!);
    await callStore(() => assertLost(recording));
    return recording;
  },
  run: async ({
    tx,
    actor,
    input: { findingId, justification, ...ground },
    prepared: { id: recordingId, objectKey, sizeBytes },
  }) => {
    await lockOpenFinding(tx, findingId, ["object_missing"]);
    const orderId = newId();
    const condition = and(eq(recordings.id, recordingId), eq(recordings.objectKey, objectKey))!;
    const { audits } = await markForDeletion(tx, {
      caller: "lost",
      condition,
      orderId,
      limit: 1,
      details: { findingId, ...groundDetails(ground) },
    });
    const [marked] = audits;
    if (!marked)
      throw new AppError("recording_kept", "a legal hold, the legal minimum or a policy change keeps the recording");
    const requestedBy = {
      requestedByType: actor.type === "user" ? ("user" as const) : ("job" as const),
      requestedById: actorId(actor)!,
    };
    const counts = { expectedRecordings: 1, expectedBytes: sizeBytes, markedRecordings: 1 };
    await tx.insert(deletionOrders).values({
      id: orderId,
      reason: "lost",
      ...requestedBy,
      selection: { recordingIds: [recordingId], findingId },
      justification,
      ...ground,
      ...counts,
      state: "finished",
      finishedAt: transactionNow,
    });
    await tx
      .update(storeScanFindings)
      .set({ resolvedAt: databaseNow, resolution: "loss_admitted", resolvedById: actorId(actor) })
      .where(
        and(
          eq(storeScanFindings.recordingId, recordingId),
          inArray(storeScanFindings.kind, [...storeKinds]),
          isNull(storeScanFindings.resolvedAt),
        ),
      );
    const remedied = auditEvent("store_scan.discrepancy_remedied", {
      target: marked.target,
      details: { kind: "object_missing", findingId, resolution: "loss_admitted", orderId },
    });
    // It marks nothing of an order that is finished, and deletes what was marked under it.
    await enqueueJob(tx, { kind: "deletion_order", key: orderId, payload: { orderId } });
    return { result: { orderId }, audits: [marked, remedied] };
  },
});

async function assertLost(recording: RecordingInCustody): Promise<void> {
  const [primary, ...copies] = configuredStores();
  const discrepancies = await examineRecording(primary!, recording);
  if (!discrepancies.some(({ kind }) => kind === "object_missing")) throw new AppError("conflict", "the object exists");
  for (const copy of copies)
    if (await copy.head(recording.objectKey))
      throw new AppError("copy_exists", `the copy ${copy.name} still has the object`);
}
