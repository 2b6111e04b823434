import pLimit from "p-limit";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { isDerivedId } from "@/lib/db/recording-ids";
import { AppError } from "@/lib/core/errors";
import { continueAccepted, settle, type Settled } from "@/lib/operation/settled";
import { retentionOf } from "@/lib/retention/retention-assignment";
import { findClaimedContents, ticketsOfClaim, type ClaimedContent } from "@/lib/uploads/claimed-content";
import { storedWith } from "@/lib/uploads/call-recordings";
import type { CompletionRequest } from "@/lib/uploads/completion/completion-request";
import { lockUploads, verifiedSha256 } from "@/lib/uploads/completion/locked-uploads";
import { isOfferedMore, refusalOf, refuseWithinQuota } from "@/lib/uploads/completion/completion-refusal";
import { inRounds } from "@/lib/uploads/rounds";
import { findUploads, type Upload } from "@/lib/uploads/open-upload";
import type { LockedUpload } from "@/lib/uploads/recording-of-content";
import { heldArrivalEvent, type HeldArrival } from "@/lib/legal-holds/placement/cover-arrivals";
import { closeTickets } from "@/lib/uploads/ticket-closing";
import { inspectTickets, type Inspection } from "@/lib/uploads/completion/ticket-inspection";
import {
  confirmStored,
  finalizeUpload,
  refusalOfForm,
  type CompletionOutcome,
  type Finalized,
} from "@/lib/uploads/upload-outcome";
import { endUploads } from "@/lib/uploads/upload-end";
import { configuredStore } from "@/lib/storage/configured-store";

/** A completion whose object was checked in the store. */
export type PreparedCompletion = { request: CompletionRequest; upload: Upload; inspection: Inspection | null };

/** Objects that are checked in the store at the same time. */
const inspectionsAtOnce = 8;

/**
 * Finds the uploads and checks their objects, before the transaction. Refuses `not_found`; `store_unavailable`.
 */
export async function prepareCompletions(
  db: ReadDatabase,
  actor: Actor,
  requests: readonly CompletionRequest[],
): Promise<Settled<PreparedCompletion>[]> {
  const uploads = await findUploads(
    db,
    actor,
    requests.map(({ recordingId }) => recordingId),
  );
  const found = requests.map((request): Settled<{ request: CompletionRequest; upload: Upload }> => {
    const upload = uploads.get(request.recordingId);
    return upload ? { value: { request, upload } } : { refusal: new AppError("not_found") };
  });
  const limit = pLimit(inspectionsAtOnce);
  return continueAccepted(found, async (known) => {
    const claims = await findClaimedContents(
      db,
      known.map(({ request }) => request),
    );
    const inspected = known.map((one, index) =>
      limit(() => settle(async () => ({ ...one, inspection: await inspect(one, claims[index]!) }))),
    );
    return Promise.all(inspected);
  });
}

async function inspect(
  { request, upload }: Pick<PreparedCompletion, "request" | "upload">,
  claim: Settled<ClaimedContent>,
): Promise<Inspection | null> {
  if ("refusal" in claim) throw claim.refusal;
  if (upload.state !== "pending" && !isOfferedMore(upload)) return null;
  const sender = { etag: request.etag ?? null, namedId: request.ticketId ?? null };
  return inspectTickets(configuredStore(), upload, ticketsOfClaim(upload, claim.value), sender);
}

/**
 * Takes uploaded recordings into custody after their verification. Each ends as a command of its own would: `stored`
 * only for the content that the completion refers to, with the id of the recording that has it. Refuses, without a
 * change: `not_found`; `default_policy_required`.
 */
export function completeUploads(
  tx: Transaction,
  completions: readonly PreparedCompletion[],
): Promise<Settled<CompletionOutcome>[]> {
  return inRounds(
    completions,
    ({ upload }) => upload,
    (round) => completeRound(tx, round),
  );
}

/** Completes recordings of different calls. What ends alike is written together. */
async function completeRound(
  tx: Transaction,
  round: readonly PreparedCompletion[],
): Promise<Settled<CompletionOutcome>[]> {
  const locked = await lockUploads(tx, round);
  const claims = await findClaimedContents(
    tx,
    round.map(({ request }) => request),
  );
  let dates: ReturnType<typeof retentionOf> | undefined;
  const retention = () => (dates ??= retentionOf(tx));
  const finalized: Settled<Finalized>[] = [];
  for (const [index, completion] of round.entries()) {
    finalized[index] = await settle(() => finish(tx, completion, locked[index]!, claims[index]!, retention));
  }
  const held = await endUploads(
    tx,
    finalized.flatMap((one) => ("value" in one && one.value.end ? [one.value.end] : [])),
  );
  return finalized.map((one) => ("value" in one ? { value: withHolds(one.value.outcome, held) } : one));
}

/** Adds the events of legal holds that cover the call of what was stored. */
function withHolds(outcome: CompletionOutcome, held: readonly HeldArrival[]): CompletionOutcome {
  if (!("result" in outcome) || !("audits" in outcome)) return outcome;
  const ofThis = held.filter(({ recordingId }) => recordingId === outcome.result.id);
  return { ...outcome, audits: [...outcome.audits, ...ofThis.map(heldArrivalEvent)] };
}

async function finish(
  tx: Transaction,
  { upload, inspection }: PreparedCompletion,
  locked: LockedUpload | null,
  claimed: Settled<ClaimedContent>,
  retention: () => ReturnType<typeof retentionOf>,
): Promise<Finalized> {
  if (!locked) throw new AppError("not_found");
  if ("refusal" in claimed) throw claimed.refusal;
  const { recording, openTickets } = locked;
  const claim = claimed.value;
  const sha256 = claim.sha256 ?? verifiedSha256(inspection);
  const stored = storedWith(isDerivedId(recording.sourceRecordingId) ? locked.ofCall : [recording], sha256);
  if (stored) return { outcome: await confirmStored(tx, locked, stored, claim.ticket?.id ?? null) };
  const isOpen = inspection !== null && openTickets.some(({ id }) => id === inspection.ticket.id);
  const isAmbiguous = claim.ticket === null && claim.isAmbiguous;
  const isWaiting = recording.state === "pending" || isOfferedMore(recording);
  if (!isWaiting || !isOpen || isAmbiguous) {
    const code = refusalOf(recording, claim);
    if (!isWaiting && claim.ticket) await closeTickets(tx, upload.id, "superseded", [claim.ticket.id]);
    const form = code === recording.rejectionCode ? recording.rejectionForm : null;
    const refusal = refusalOfForm(code, form, `recording is ${recording.state}`);
    return { outcome: refuseWithinQuota(upload, refusal, { code }) };
  }
  if (inspection.verdict.kind === "missing" && !inspection.ticket.isExpired) {
    const code = "not_uploaded";
    return { outcome: refuseWithinQuota(upload, new AppError(code), { ticketId: inspection.ticket.id, code }) };
  }
  return finalizeUpload(tx, locked, inspection, retention);
}

/**
 * Removes from the store what a refused completion left. Its ticket is closed, so no recording uses its key. If this
 * fails, a job sweeps the key.
 */
export async function removeRefused({ inspection }: Pick<PreparedCompletion, "inspection">): Promise<void> {
  if (!inspection || !(inspection.verdict.kind === "wrong" || isExpiredMultipart(inspection))) return;
  for (const key of [inspection.ticket.objectKey, inspection.ticket.promotedKey])
    if (key !== null) await configuredStore().deleteAllVersions(key);
}

/** Parts of an expired upload cost money and contain voices, so they are removed without waiting for the sweep. */
function isExpiredMultipart({ ticket }: Inspection): boolean {
  return ticket.kind === "multipart" && ticket.isExpired;
}
