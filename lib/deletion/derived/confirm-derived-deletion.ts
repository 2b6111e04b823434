import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { derivedRecordings, recordings } from "@/lib/db/schema";
import { deletedDerived } from "@/lib/deletion/derived/deleted-derived";
import { storeProof } from "@/lib/deletion/store-proof";
import { destroyDataKeys } from "@/lib/encryption-keys/data-key-destruction";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Last step of the deletion of a derived file, when no store has it: its encryption key goes, its row says when. */
export const confirmDerivedDeletion = command({
  permission: "recording:retire",
  input: z.object({ derivedId: z.uuid(), objectKey: z.string(), proof: z.array(storeProof).min(1) }),
  audits: ["recording.derived_audio_deleted"],
  run: async ({ tx, input: { derivedId, objectKey, proof } }) => {
    const [file] = await tx
      .update(derivedRecordings)
      .set({ ...deletedDerived, deletionProof: proof })
      .where(and(eq(derivedRecordings.id, derivedId), eq(derivedRecordings.state, "deleting")))
      .returning();
    // With its recording, by another process.
    if (!file) return { result: { deleted: 0 }, unchanged: true as const };
    const dataKeysDestroyed = await destroyDataKeys(tx, [objectKey]);
    const { id, unitId } = recordings;
    const [owner] = await tx.select({ unitId }).from(recordings).where(eq(id, file.recordingId));
    const details = {
      ...{ derivedId, subjectRequestId: file.requestId, sha256: file.sha256?.toString("hex") ?? null },
      ...{ keepUntil: file.keepUntil, stores: proof.map(({ store }) => store), dataKeysDestroyed },
    };
    const target = { type: "recording", id: file.recordingId, unitId: owner!.unitId };
    return { result: { deleted: 1 }, audits: [auditEvent("recording.derived_audio_deleted", { target, details })] };
  },
});
