import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { recordings } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { releaseReasons } from "@/lib/recordings/quarantine/quarantined";
import { recordingScope } from "@/lib/recordings/recording-scope";

/**
 * Releases a recording from quarantine, with a reason for the event. Sent twice it changes nothing.
 * @throws AppError `not_found`; `conflict` when it is not stored, or was never quarantined.
 */
export const releaseRecording = command({
  permission: "recording:release",
  input: z.object({ recordingId: z.uuid(), releaseReason: z.enum(releaseReasons) }),
  audits: ["recording.released"],
  run: async ({ tx, actor, input: { recordingId, releaseReason } }) => {
    const { unitId, state, quarantine } = recordings;
    const [row] = await tx
      .select({ unitId, state, quarantine })
      .from(recordings)
      .where(and(eq(recordings.id, recordingId), recordingScope(actor)))
      .for("no key update");
    if (!row) throw new AppError("not_found");
    const result = { recordingId };
    if (row.state !== "stored" || row.quarantine === null)
      throw new AppError("conflict", `the recording is ${row.state}, quarantine: ${row.quarantine}`);
    if (row.quarantine === "released") return { result, unchanged: true as const };
    await tx.update(recordings).set({ quarantine: "released" }).where(eq(recordings.id, recordingId));
    const target = { type: "recording", id: recordingId, unitId: row.unitId };
    return { result, audits: [auditEvent("recording.released", { target, details: { releaseReason } })] };
  },
});
