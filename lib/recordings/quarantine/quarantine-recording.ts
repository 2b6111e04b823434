import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { playbackGrants, recordings } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

/**
 * Quarantines a stored recording that may have card data, and ends every grant to play or download it. Sent twice it
 * changes nothing.
 * @throws AppError `not_found`; `conflict` when it is not stored.
 */
export const quarantineRecording = command({
  permission: "recording:quarantine",
  input: z.object({ recordingId: z.uuid() }),
  audits: ["recording.quarantined"],
  run: async ({ tx, actor, input: { recordingId } }) => {
    const { unitId, state, quarantine } = recordings;
    const [row] = await tx
      .select({ unitId, state, quarantine })
      .from(recordings)
      .where(and(eq(recordings.id, recordingId), recordingScope(actor)))
      .for("no key update");
    if (!row) throw new AppError("not_found");
    const result = { recordingId };
    if (row.state !== "stored") throw new AppError("conflict", `the recording is ${row.state}`);
    if (row.quarantine === "quarantined") return { result, unchanged: true as const };
    await tx.update(recordings).set({ quarantine: "quarantined" }).where(eq(recordings.id, recordingId));
    await tx
      .update(playbackGrants)
      .set({ revokedAt: databaseNow })
      .where(and(eq(playbackGrants.recordingId, recordingId), isNull(playbackGrants.revokedAt)));
    const target = { type: "recording", id: recordingId, unitId: row.unitId };
    return { result, audits: [auditEvent("recording.quarantined", { target })] };
  },
});
