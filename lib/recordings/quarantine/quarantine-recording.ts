import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { recordings } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { markQuarantined } from "@/lib/recordings/quarantine/quarantine-mark";
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
    return { result, audits: [await markQuarantined(tx, { id: recordingId, unitId: row.unitId })] };
  },
});
