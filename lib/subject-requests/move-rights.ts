import { severalLines } from "@/lib/core/text-input";
import { and, eq, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { approvals, subjectRequestDecisions, subjectRequestMatches } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { endDecisions } from "@/lib/subject-requests/decision-rows";
import { lockRequest, processesFor, takeStep, type Process } from "@/lib/subject-requests/process-steps";
import type { Step } from "@/lib/subject-requests/transitions";

/** Steps that do nothing but move rights. `reason`: what its text says, if the step needs one. */
export const plainSteps = {
  start: { needsReason: false },
  /** What was missing. */
  fail_identity: { needsReason: true },
  /** What the person is asked. */
  ask_subject: { needsReason: true },
  resume: { needsReason: false },
  /** Who processes the data instead, and how it is reached (LGPD Art. 18, § 4, I). */
  forward: { needsReason: true },
  analyse: { needsReason: false },
  /** How the person said so. */
  withdraw: { needsReason: true },
  close: { needsReason: false },
} as const satisfies Partial<Record<Step, { needsReason: boolean }>>;

export type PlainStep = keyof typeof plainSteps;
const plainStepNames = Object.keys(plainSteps) as [PlainStep, ...PlainStep[]];

/**
 * Takes a step with rights of a request that changes nothing but their state, and ends what was decided of those that
 * leave the desk undone.
 * @throws AppError `not_found`; `conflict` if a right that was chosen may not take it, or none may; `invalid_input`
 * without the reason that it needs; `matches_undecided` for an analysis before all that was found is decided.
 */
export const moveRights = command({
  permission: "subject-request:work",
  input: z
    .object({
      requestId: z.uuid(),
      step: z.enum(plainStepNames),
      /** Without them: every right that may take the step. */
      processIds: z.array(z.uuid()).min(1).max(50).optional(),
      reason: severalLines(2000, 5).optional(),
    })
    .refine(({ step, reason }) => reason !== undefined || !plainSteps[step].needsReason, {
      path: ["reason"],
      message: "required",
    }),
  audits: ["subject_request.step_taken", "approval.withdrawn"],
  run: async ({ tx, actor, input: { requestId, step, processIds, reason } }) => {
    const request = await lockRequest(tx, requestId);
    const processes = await processesFor(tx, requestId, { step, processIds });
    if (step === "analyse") await requireDecided(tx, requestId);
    if (endsDecisions(step)) await endDecisions(tx, decidedFor(processes));
    const withdrawn = step === "withdraw" ? await withdrawApprovals(tx, processes) : [];
    const [first, ...rest] = await takeStep(tx, { actor, request, step, reason }, processes);
    return { result: { requestId, moved: processes.length }, audits: [first!, ...rest, ...withdrawn] };
  },
});

/**
 * Nothing is done of a right that leaves the desk by these: what was decided before, approved by nobody, must not wait
 * in a right that is answered or closed later.
 */
const endsDecisions = (step: PlainStep) => step === "withdraw" || step === "fail_identity" || step === "forward";

const decidedFor = (processes: readonly Process[]) =>
  inArray(
    subjectRequestDecisions.processId,
    processes.map(({ id }) => id),
  );

/** Nobody decides any more what the person does not want. */
async function withdrawApprovals(tx: Transaction, processes: readonly Process[]) {
  const { kind, state, subjectId, id } = approvals;
  const ids = processes.map((process) => process.id);
  const rows = await tx
    .update(approvals)
    .set({ state: "withdrawn", decidedAt: transactionNow })
    .where(and(eq(kind, "subject_request"), eq(state, "pending"), inArray(subjectId, ids)))
    .returning({ id, kind, subjectId });
  return rows.map(({ id: approvalId, ...details }) =>
    auditEvent("approval.withdrawn", { target: { type: "approval", id: approvalId }, details }),
  );
}

async function requireDecided(tx: Transaction, requestId: string): Promise<void> {
  const { decision, requestId: ofRequest } = subjectRequestMatches;
  const waiting = await tx.$count(subjectRequestMatches, and(eq(ofRequest, requestId), isNull(decision)));
  if (waiting > 0) throw new AppError("matches_undecided", `${waiting} recordings that were found are not decided`);
}
