import { and, gte, inArray, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { requestApproval } from "@/lib/approvals/approval-requests";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { auditEvents, subjectRequestDecisions, subjectRequestMatches } from "@/lib/db/schema";
import type { RequestRight } from "@/lib/db/schema/subject-request-words";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import type { Actor } from "@/lib/operation/actor";
import type { AuditEventInput } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import {
  currentOf,
  decisionsOf,
  endDecisions,
  includedOf,
  lockAnalysed,
  undecidedFor,
  type Decision,
} from "@/lib/subject-requests/decision-rows";
import { measuresOf, needsApproval } from "@/lib/subject-requests/deciding/measures";
import { rightOutcome, type DecidedItem } from "@/lib/subject-requests/deciding/right-outcome";
import { listUnreadyAudio } from "@/lib/subject-requests/package/package-source";
import { takeStep, type LockedRequest, type Process } from "@/lib/subject-requests/process-steps";

/**
 * Ends the analysis of a right. What erases or lets hear waits for a second person; anything else is done at once.
 * @throws AppError `not_found`; `conflict` if the right is in another state; `decisions_missing` while a recording, or
 * the right, has no decision; `correction_missing` for a correction that nobody made since the request came;
 * `audio_not_ready` while audio that is decided is not made.
 */
export const submitDecision = command({
  permission: "subject-request:work",
  input: z.object({ requestId: z.uuid(), processId: z.uuid() }),
  audits: ["subject_request.step_taken", "approval.requested"],
  run: async ({ tx, actor, input: { requestId, processId } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { request, process } = await lockAnalysed(tx, { requestId, processId });
    await endStale(tx, { requestId, processId });
    const decisions = await decisionsOf(tx, processId);
    await requireComplete(tx, process, decisions);
    await requireCorrections(tx, request, decisions);
    await requireAudio(tx, requestId, processId);
    const waits = decisions.some(({ measure, audioForm }) => needsApproval(measure, audioForm));
    const step = waits ? ("request_approval" as const) : ("execute" as const);
    const outcome = rightOutcome(decisions as DecidedItem[]);
    const [moved] = await takeStep(tx, { actor, request, step }, [process], () => outcome);
    const result = { requestId, waits };
    if (!waits) {
      await enqueueJob(tx, { kind: "subject_request", key: requestId, payload: { requestId } });
      return { result, audits: [moved!] };
    }
    return { result, audits: [moved!, await askSecondPerson(tx, actor.userId, { request, process, decisions })] };
  },
});

type Ids = { requestId: string; processId: string };

/** Of recordings that were excluded after they were decided. */
async function endStale(tx: Transaction, { requestId, processId }: Ids): Promise<void> {
  const { recordingId } = subjectRequestDecisions;
  const isIncluded = sql`exists (select from ${subjectRequestMatches} where ${includedOf(requestId)}
    and ${subjectRequestMatches.recordingId} = ${recordingId})`;
  await endDecisions(tx, and(currentOf(processId), isNotNull(recordingId), sql`not ${isIncluded}`)!);
}

async function requireComplete(tx: Transaction, process: Process, decisions: readonly Decision[]): Promise<void> {
  if (decisions.some(({ recordingId }) => recordingId === null)) return;
  const missing = await tx.$count(subjectRequestMatches, undecidedFor(process.requestId, process.id));
  if (missing === 0 && decisions.length > 0) return;
  const isText = measuresOf(process.right).each.length === 0;
  throw new AppError("decisions_missing", isText ? "the right has no answer" : `${missing} recordings are not decided`);
}

const corrections = ["recording.number_corrected", "recording.tax_id_corrected"];

/** Nobody is told that something was corrected which nobody corrected. The audit log has it, with before and after. */
async function requireCorrections(tx: Transaction, request: LockedRequest, decisions: readonly Decision[]) {
  const ids = decisions.flatMap(({ measure, recordingId }) => (measure === "correct" ? (recordingId ?? []) : []));
  if (ids.length === 0) return;
  const { action, targetId, occurredAt } = auditEvents;
  const corrected = await tx
    .selectDistinct({ targetId })
    .from(auditEvents)
    .where(and(inArray(targetId, ids), inArray(action, corrections), gte(occurredAt, request.receivedAt)));
  if (corrected.length < ids.length)
    throw new AppError("correction_missing", "a recording was not corrected since the request came");
}

/** What a second person approves, and a letter promises, is ready. */
async function requireAudio(tx: Transaction, requestId: string, processId: string): Promise<void> {
  const missing = await listUnreadyAudio(tx, { requestId, processIds: [processId] });
  if (missing.length > 0)
    throw new AppError("audio_not_ready", `the audio of ${missing.length} recordings is not made`);
}

type Asked = { request: LockedRequest; process: Process; decisions: readonly Decision[] };

async function askSecondPerson(
  tx: Transaction,
  requestedBy: Extract<Actor, { type: "user" }>["userId"],
  { request, process, decisions }: Asked,
): Promise<AuditEventInput<"approval.requested">> {
  const payload = approvalPayload(request.protocol, process.right, decisions);
  const { audit } = await requestApproval(tx, {
    ...{ kind: "subject_request", subjectId: process.id, payload, requestedBy },
    // Free text of a request may name people; whoever approves sees ids, counts and grounds.
    reason: "",
  });
  return audit;
}

/** What whoever approves sees. No names, numbers or words of the person. */
export type DecisionPayload = {
  protocol: string;
  right: RequestRight;
  /** By measure, and by `deliver_<form>` for sound. */
  counts: Record<string, number>;
  /** Codes of the grounds, each with how many recordings it keeps. */
  grounds: Record<string, number>;
  /** Those that would be erased or heard. */
  recordingIds: string[];
};

function approvalPayload(protocol: string, right: RequestRight, decisions: readonly Decision[]): DecisionPayload {
  const counts: Record<string, number> = {};
  const grounds: Record<string, number> = {};
  const count = (into: Record<string, number>, key: string) => (into[key] = (into[key] ?? 0) + 1);
  for (const { measure, audioForm, ground } of decisions) {
    count(counts, audioForm ? `${measure}_${audioForm}` : measure);
    if (ground) count(grounds, ground);
  }
  const asked = decisions.filter(({ measure, audioForm }) => needsApproval(measure, audioForm));
  return { protocol, right, counts, grounds, recordingIds: asked.flatMap(({ recordingId }) => recordingId ?? []) };
}
