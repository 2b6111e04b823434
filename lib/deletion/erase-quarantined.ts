import { severalLines } from "@/lib/core/text-input";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { deletionOrders } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { groundDetails, groundInput } from "@/lib/deletion/legal-ground";
import { markForDeletion } from "@/lib/deletion/mark-for-deletion";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { actorId } from "@/lib/operation/actor";
import { command } from "@/lib/operation/operation";
import { isQuarantined } from "@/lib/recordings/quarantine/quarantined";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { transactionNow } from "@/lib/db/schema/columns";

/**
 * Has a quarantined recording deleted by the usual steps, at once.
 * @throws AppError `not_found`; `conflict` when it is not quarantined any more; `recording_kept` when a legal hold, its
 * legal minimum or a policy change keeps it.
 */
export const eraseQuarantined = command({
  permission: "recording:erase-quarantined",
  freshProof: true,
  input: z.intersection(
    z.object({
      recordingId: z.uuid(),
      /** Free text: kept with the order, not in the log. */
      justification: severalLines(2000),
    }),
    groundInput,
  ),
  audits: ["recording.marked_for_deletion"],
  run: async ({ tx, actor, input: { recordingId, justification, ...ground } }) => {
    const isThis = and(eq(recordings.id, recordingId), recordingScope(actor))!;
    const [row] = await tx
      .select({ state: recordings.state, quarantine: recordings.quarantine, sizeBytes: recordings.sizeBytes })
      .from(recordings)
      .where(isThis)
      .for("update");
    if (!row) throw new AppError("not_found");
    if (row.state !== "stored" || row.quarantine !== "quarantined")
      throw new AppError("conflict", `the recording is ${row.state}, quarantine: ${row.quarantine}`);
    const orderId = newId();
    const condition = and(isThis, isQuarantined())!;
    const { audits } = await markForDeletion(tx, {
      caller: "card_data",
      condition,
      orderId,
      limit: 1,
      details: groundDetails(ground),
    });
    const [marked] = audits;
    if (!marked) throw new AppError("recording_kept", "a legal hold, the legal minimum or a policy change keeps it");
    await tx.insert(deletionOrders).values({
      ...{ id: orderId, reason: "card_data", requestedByType: "user", requestedById: actorId(actor)! },
      ...{ selection: { recordingIds: [recordingId] }, justification, ...ground },
      ...{ expectedRecordings: 1, expectedBytes: row.sizeBytes ?? 0, markedRecordings: 1 },
      ...{ state: "finished", finishedAt: transactionNow },
    });
    // It marks nothing of an order that is finished, and deletes what was marked under it.
    await enqueueJob(tx, { kind: "deletion_order", key: orderId, payload: { orderId } });
    return { result: { orderId }, audits: [marked] };
  },
});
