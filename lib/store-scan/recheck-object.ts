import { and, eq, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { actorId } from "@/lib/operation/actor";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import { recordings } from "@/lib/db/schema/recordings";
import { isExposed } from "@/lib/store-scan/compare/compare-object";
import { databaseNow } from "@/lib/db/schema/columns";
import { type RecordingInCustody, readRecordingInCustody } from "@/lib/store-scan/compare/list-recordings-to-verify";
import { lockOpenFinding, readOpenFinding } from "@/lib/store-scan/lock-open-finding";
import { command } from "@/lib/operation/operation";
import { hashObject, readAgainUnless } from "@/lib/storage/object-hash";
import { storedEncryption } from "@/lib/storage/stored-encryption";
import { configuredStore } from "@/lib/storage/configured-store";
import type { ObjectFacts } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

const kinds = ["object_missing", "content_changed", "encryption_changed"] as const;

/**
 * Reads the whole object and compares its SHA-256 with that of the recording. The same content is taken as the
 * recording again, with the ETag, version and encryption that the store now reports: a bucket that was moved or copied
 * back, a key that was changed. Never without the encryption that there was.
 * @throws AppError `not_found`; `conflict`; `store_unavailable`.
 */
export const recheckObject = command({
  permission: "store-scan:remedy",
  input: z.object({ findingId: z.uuid() }),
  audits: ["store_scan.discrepancy_remedied"],
  prepare: async ({ db, input: { findingId } }) => {
    const finding = await readOpenFinding(db, findingId, kinds);
    const recording = await readRecordingInCustody(db, finding.recordingId!);
    return { recording, facts: await callStore(() => sameContent(configuredStore(), recording)) };
  },
  run: async ({ tx, actor, input: { findingId }, prepared: { recording, facts } }) => {
    const { kind } = await lockOpenFinding(tx, findingId, kinds);
    const about = { target: { type: "recording", id: recording.id }, details: { kind, findingId } };
    if (!facts)
      return {
        result: { resolved: false },
        audits: [
          auditEvent("store_scan.discrepancy_remedied", {
            ...about,
            outcome: "failure",
            details: { ...about.details, resolution: "still_true" },
          }),
        ],
      };
    const encryption = storedEncryption(facts.encryption);
    const asItWas = and(
      eq(recordings.id, recording.id),
      eq(recordings.state, "stored"),
      eq(recordings.objectKey, recording.objectKey),
    );
    await tx
      .update(recordings)
      .set({ objectEtag: facts.etag, objectVersionId: facts.versionId, encryption, verifiedAt: databaseNow })
      .where(asItWas);
    await tx
      .update(storeScanFindings)
      .set({ resolvedAt: databaseNow, resolution: "same_content", resolvedById: actorId(actor) })
      .where(
        and(
          eq(storeScanFindings.recordingId, recording.id),
          inArray(storeScanFindings.kind, [...kinds]),
          isNull(storeScanFindings.resolvedAt),
        ),
      );
    const details = {
      ...about.details,
      resolution: "same_content",
      encryption: encryption?.algorithm ?? "unverifiable",
    };
    return {
      result: { resolved: true },
      audits: [auditEvent("store_scan.discrepancy_remedied", { ...about, details })],
    };
  },
});

/**
 * What the store says of an object with the recording's content; null where it is another one, less protected, or not
 * the version that a hold has locked.
 */
async function sameContent(store: ObjectStore, recording: RecordingInCustody): Promise<ObjectFacts | null> {
  try {
    const facts = await store.head(recording.objectKey);
    if (!facts || facts.sizeBytes !== recording.sizeBytes) return null;
    if (recording.isLocked && facts.versionId !== recording.objectVersionId) return null;
    if (isExposed(recording, facts, store)) return null;
    const expected = recording.sha256.toString("hex");
    return (await readAgainUnless(
      (hash) => hash === expected,
      () => hashObject(store, facts),
    )) === expected
      ? facts
      : null;
  } catch (error) {
    if (error instanceof StoreError && !error.retryable) return null;
    throw error;
  }
}
