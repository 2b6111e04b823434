import { and, eq, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { legalHoldRecordings, playableCopies, recordings } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { command } from "@/lib/operation/operation";

const outcome = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("ready"),
    objectVersionId: z.string().nullable(),
    objectEtag: z.string(),
    contentType: z.string(),
    sizeBytes: z.int().positive(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    durationMs: z.int().min(0),
  }),
  z.object({ kind: z.literal("failed"), failureCode: z.string().regex(/^[a-z_]{1,40}$/) }),
]);

/**
 * Records what became of a copy. If the recording was marked for deletion meanwhile the copy is not ready: its object
 * is erased with the recording, which need no longer wait.
 */
export const recordCopy = command({
  permission: "recording:make-playable-copy",
  input: z.object({ recordingId: z.uuid(), transcoder: z.string().max(60), outcome }),
  audits: ["recording.playable_copy_made"],
  run: async ({ tx, input: { recordingId, transcoder, outcome: made } }) => {
    const { id, state, unitId } = recordings;
    const [recording] = await tx.select({ state, unitId }).from(recordings).where(eq(id, recordingId)).for("update");
    const isMade = recording?.state === "stored";
    const { kind, ...facts } = made;
    // As the recording's own object: a hold that was placed before this commit locks the copy, too.
    const isHeld = sql`case when exists (select from ${legalHoldRecordings} as held
      where held.recording_id = ${recordingId} and held.released_at is null) then 'to_lock' end`;
    const changed = await tx
      .update(playableCopies)
      .set({ storingUntil: null, ...(isMade ? columnsOf(made, transcoder) : {}), lockState: isHeld })
      .where(and(eq(playableCopies.recordingId, recordingId), ne(playableCopies.state, "ready")))
      .returning({ recordingId: playableCopies.recordingId });
    if (!isMade || changed.length === 0) return { result: null, unchanged: true as const };
    if (kind === "ready")
      await tx
        .update(recordings)
        .set({ durationMs: sql`coalesce(${recordings.durationMs}, ${made.kind === "ready" ? made.durationMs : null})` })
        .where(eq(id, recordingId));
    const details = { ...facts, transcoder };
    const target = { type: "recording", id: recordingId, unitId: recording.unitId };
    const event = { outcome: kind === "ready" ? "success" : "failure", target, details } as const;
    return { result: null, audits: [auditEvent("recording.playable_copy_made", event)] as const };
  },
});

function columnsOf({ kind: state, ...made }: z.output<typeof outcome>, transcoder: string) {
  return "sha256" in made
    ? { state, transcoder, ...made, sha256: Buffer.from(made.sha256, "hex"), madeAt: transactionNow }
    : { state, transcoder, ...made };
}

export type CopyOutcome = z.input<typeof outcome>;
