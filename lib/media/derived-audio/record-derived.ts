import { eq } from "drizzle-orm";
import { z } from "zod";
import { derivedRecordings, recordings } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const outcome = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("ready"),
    objectVersionId: z.string().nullable(),
    objectEtag: z.string(),
    contentType: z.string(),
    sizeBytes: z.int().positive(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    durationMs: z.int().positive(),
  }),
  z.object({ kind: z.literal("failed"), failureCode: z.string().regex(/^[a-z_]{1,40}$/) }),
]);

/**
 * Records what became of derived audio. If it or its recording was marked for deletion meanwhile it is not ready: its
 * object is erased, and the deletion need no longer wait.
 */
export const recordDerived = command({
  permission: "recording:make-derived-audio",
  input: z.object({ derivedId: z.uuid(), transcoder: z.string().max(60), outcome }),
  audits: ["recording.derived_audio_made"],
  run: async ({ tx, input: { derivedId, transcoder, outcome: made } }) => {
    const isThis = eq(derivedRecordings.id, derivedId);
    const { id, recordingId, requestId } = derivedRecordings;
    const [of] = await tx.select({ recordingId, requestId }).from(derivedRecordings).where(isThis);
    const isOwner = eq(recordings.id, of!.recordingId);
    const { state, unitId } = recordings;
    const [recording] = await tx.select({ state, unitId }).from(recordings).where(isOwner).for("update");
    const [file] = await tx
      .select({ state: derivedRecordings.state })
      .from(derivedRecordings)
      .where(isThis)
      .for("update");
    const isMade = recording?.state === "stored" && (file!.state === "waiting" || file!.state === "storing");
    if (file!.state === "ready" || file!.state === "deleted") return { result: null, unchanged: true as const };
    await tx
      .update(derivedRecordings)
      .set({ storingUntil: null, ...(isMade ? columnsOf(made, transcoder) : {}) })
      .where(eq(id, derivedId));
    if (!isMade) return { result: null, unchanged: true as const };
    const { kind, ...facts } = made;
    const target = { type: "recording", id: of!.recordingId, unitId: recording.unitId };
    const details = { ...facts, transcoder, derivedId, subjectRequestId: of!.requestId };
    const event = { outcome: kind === "ready" ? "success" : "failure", target, details } as const;
    return { result: null, audits: [auditEvent("recording.derived_audio_made", event)] as const };
  },
});

function columnsOf({ kind: state, ...made }: z.output<typeof outcome>, transcoder: string) {
  return "sha256" in made
    ? { state, transcoder, ...made, sha256: Buffer.from(made.sha256, "hex"), madeAt: transactionNow }
    : { state, transcoder, ...made };
}

export type DerivedOutcome = z.input<typeof outcome>;
