import { eq, sql } from "drizzle-orm";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestIdentityChecks, subjectRequestRights, subjectRequests } from "@/lib/db/schema";
import type { Actor } from "@/lib/operation/actor";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { MessageChannel } from "@/lib/notifications/templates/message-templates";
import { levelOfMethod } from "@/lib/subject-requests/identity/identity-methods";
import {
  recordEvents,
  takeStep,
  targetOf,
  type LockedRequest,
  type Process,
} from "@/lib/subject-requests/process-steps";
import { requiredLevel } from "@/lib/subject-requests/rights";
import { mayTake, type Step } from "@/lib/subject-requests/transitions";

/** Identity that the use of a line proves. An address of the answer was never recorded: none. */
const levelOf = (target: string) => (target === "answer" ? 0 : levelOfMethod.code);

type Proof = { actor: Actor; request: LockedRequest; target: string; channel: MessageChannel };
type ProofEvent = AuditEventInput<"subject_request.line_proved" | "subject_request.step_taken">;

/**
 * What follows when a person entered the code that went to a line or address of the request: it moves to the desk's
 * queue, and every right whose level the line reaches passes to triage. The others wait for a better proof.
 */
export async function recordLineProof(
  tx: Transaction,
  { actor, request, target, channel }: Proof,
): Promise<[ProofEvent, ...ProofEvent[]]> {
  const level = Math.max(request.identityLevel, levelOf(target));
  const identityLevel = sql`greatest(${subjectRequests.identityLevel}, ${level}::smallint)`;
  await tx.update(subjectRequests).set({ isUnproven: false, identityLevel }).where(eq(subjectRequests.id, request.id));
  await recordEvents(tx, actor, request.id, [{ kind: "line_proved" }]);
  const details = { protocol: request.protocol, channel, identityLevel: level };
  const proved = auditEvent("subject_request.line_proved", { target: targetOf(request), details });
  if (levelOf(target) > 0) await recordCheck(tx, request.id);
  if (level === 0) return [proved];
  const reaches = ({ right }: Process) => requiredLevel(right, request.requester) <= level;
  const by = { actor, request };
  const started = await move(tx, { ...by, step: "start" }, reaches);
  return [proved, ...started, ...(await move(tx, { ...by, step: "confirm_identity" }, reaches))];
}

/** Beside the checks of the desk, which have a person and a note. */
async function recordCheck(tx: Transaction, requestId: string): Promise<void> {
  const method = "code" as const;
  await tx
    .insert(subjectRequestIdentityChecks)
    .values({ id: newId(), requestId, method, level: levelOfMethod[method] });
}

/** Takes a step with the rights that may take it; none is no error. */
async function move(
  tx: Transaction,
  taken: { actor: Actor; request: LockedRequest; step: Step },
  reaches: (process: Process) => boolean,
) {
  const { requestId, id } = subjectRequestRights;
  const all = await tx.select().from(subjectRequestRights).where(eq(requestId, taken.request.id)).orderBy(id);
  const processes = all.filter((process) => mayTake(taken.step, process.state) && reaches(process));
  return processes.length === 0 ? [] : takeStep(tx, taken, processes);
}
