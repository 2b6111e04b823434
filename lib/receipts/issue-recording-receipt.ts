import { z } from "zod";
import { namesOf, successorOf } from "@/lib/operation/audit-actions";
import { auditEvent } from "@/lib/operation/audit-event";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { command } from "@/lib/operation/operation";
import { receiptDigest, signReceipt } from "@/lib/receipts/signed-receipt";
import { and, eq, inArray, or } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents, recordings, retentionPolicyVersions } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { askedBy } from "@/lib/receipts/summary-plan";
import { receiptFormats, type RecordingReceipt } from "@/lib/receipts/receipt-schema";
import { deletedDetails, type DeletedDetails } from "@/lib/receipts/event-content";
import { statedGrounds } from "@/lib/receipts/stated-grounds";
import { readRequestApproval } from "@/lib/receipts/request-approval";
import { readSteps, receiptHead } from "@/lib/receipts/receipt-head";
import { sanitisation, remainingData } from "@/lib/receipts/remaining-data";
import type { PolicyTerms } from "@/lib/retention/policies/policy-terms";

/**
 * Signs the receipt of one deleted recording. Each issue is an event; the content is always the same.
 * @throws AppError `not_found`, `deletion_unfinished`, `not_sealed_yet`
 */
export const issueRecordingReceipt = command({
  permission: "receipt:issue",
  input: z.object({ recordingId: z.uuid(), format: z.enum(receiptFormats).default("json") }),
  audits: ["receipt.issued"],
  prepare: ({ db, input: { recordingId } }) => describeRecordingDeletion(db, recordingId),
  run: async ({ prepared: receipt, input: { recordingId, format } }) => {
    const signed = signReceipt(receipt, currentSigningKey());
    const details = { scope: receipt.scope, number: receipt.number, format, digest: receiptDigest(receipt) };
    return {
      result: { signed, format },
      audits: [auditEvent("receipt.issued", { target: { type: "recording", id: recordingId }, details })],
    };
  },
});

/**
 * The content of the receipt of one deleted recording. The same at each call while the signing key and the settings
 * that it states stay the same.
 * @throws AppError `not_found`, `deletion_unfinished`, `not_sealed_yet`
 */
async function describeRecordingDeletion(db: ReadDatabase, recordingId: string): Promise<RecordingReceipt> {
  const [row] = await db.select().from(recordings).where(eq(recordings.id, recordingId));
  if (!row) throw new AppError("not_found");
  if (row.state !== "deleted") throw new AppError("deletion_unfinished", `the recording is ${row.state}`);
  const steps = await stepsOf(db, recordingId, row.deletionOrderId);
  const [marked, deleted] = [steps.get("marked"), steps.get("deleted")];
  if (!marked || !deleted)
    throw new Error("the audit log has no deletion of this recording; run: npm run audit -- verify");
  const details = deletedDetails.parse(deleted.content.details);
  const ordered = steps.get("ordered") ?? marked;
  const approved = steps.get("approved");
  const finishedAt = new Date(deleted.content.occurredAt);
  return {
    ...receiptHead("recording", recordingId, finishedAt, steps),
    recording: {
      id: recordingId,
      sha256: details.sha256,
      sizeBytes: row.sizeBytes,
      ...callOf(details),
      ...copyOf(details),
      ...derivedOf(details),
    },
    deletion: {
      reason: details.reason,
      ...(await statedGrounds(db, details.reason, { orderId: details.orderId, recordingId })),
      policy: await policyOf(db, row),
      retainUntil: row.retainUntil?.toISOString() ?? null,
      minimumUntil: row.minimumUntil?.toISOString() ?? null,
      orderId: details.orderId,
      runId: details.runId,
      askedAt: ordered.content.occurredAt,
      askedBy: askedBy(ordered.content),
      approvedBy: approved ? askedBy(approved.content) : null,
      markedAt: marked.content.occurredAt,
      finishedAt: deleted.content.occurredAt,
      ledgerSequence: details.ledgerSequence,
      replayed: details.replayed,
    },
    stores: (row.deletionProof ?? []).map((proof) => ({ ...proof, kind: storeKind(proof.store) })),
    method: sanitisation({
      dataKeysDestroyed: details.dataKeysDestroyed,
      recordings: details.contentKeyDestroyed ? 1 : 0,
      deletedAt: finishedAt,
    }),
    remains: remainingData(finishedAt),
  };
}

const callOf = ({ call }: DeletedDetails) => (call === undefined ? {} : { call });

function copyOf({ copySha256: sha256, copySizeBytes: sizeBytes }: DeletedDetails) {
  return sha256 === undefined || sizeBytes === undefined ? {} : { playableCopy: { sha256, sizeBytes } };
}

function derivedOf({ derivedSha256, derivedSizeBytes = [] }: DeletedDetails) {
  if (!derivedSha256) return {};
  return { derivedFiles: derivedSha256.map((sha256, at) => ({ sha256, sizeBytes: derivedSizeBytes[at] ?? 0 })) };
}

async function stepsOf(db: ReadDatabase, recordingId: string, orderId: string | null) {
  const { targetType, targetId, action } = auditEvents;
  const ofRecording = and(eq(targetType, "recording"), eq(targetId, recordingId));
  const ofOrder =
    orderId === null
      ? undefined
      : and(
          eq(targetType, "deletion_order"),
          eq(targetId, orderId),
          inArray(
            action,
            ["deletion_order.ordered", "deletion_order.started"].flatMap((name) => namesOf(successorOf, name)),
          ),
        );
  const steps = await readSteps(db, or(ofRecording, ofOrder)!);
  const approval = orderId === null || steps.has("ordered") ? undefined : await readRequestApproval(db, orderId);
  if (approval) steps.set("approved", approval);
  return steps;
}

async function policyOf(
  db: ReadDatabase,
  { retentionPolicyId: id, retentionPolicyVersion: version }: typeof recordings.$inferSelect,
): Promise<RecordingReceipt["deletion"]["policy"]> {
  if (id === null) return null;
  const { policyId, version: ofVersion, terms } = retentionPolicyVersions;
  const [row] =
    version === null
      ? []
      : await db
          .select({ terms })
          .from(retentionPolicyVersions)
          .where(and(eq(policyId, id), eq(ofVersion, version)));
  const { legalBasis = null, source = null } = (row?.terms ?? {}) as Partial<PolicyTerms>;
  return { id, version, legalBasis, source };
}

/** The kind of a store, by its name. The primary store is named after its kind; the installation names its copies. */
function storeKind(name: string): RecordingReceipt["stores"][number]["kind"] {
  if (name === "disk" || name === "supabase") return name;
  return name.startsWith("s3:") ? "s3" : "copy";
}
