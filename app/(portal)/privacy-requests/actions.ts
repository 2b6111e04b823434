"use server";

import { intakeInput, problemsOfForm } from "@/app/(portal)/privacy-requests/intake-input";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { issueAnswer } from "@/lib/subject-requests/answer/issue-answer";
import { addSharer } from "@/lib/subject-requests/sharers/add-sharer";
import { closeSharerTask } from "@/lib/subject-requests/sharers/close-sharer-task";
import { assignRequest } from "@/lib/subject-requests/assign-request";
import { changeDeadline } from "@/lib/subject-requests/change-deadline";
import { decideMatches } from "@/lib/subject-requests/finding/decide-matches";
import { findRecordings } from "@/lib/subject-requests/finding/find-recordings";
import { confirmIdentity } from "@/lib/subject-requests/identity/confirm-identity";
import { issueFollowUpCode } from "@/lib/subject-requests/issue-follow-up-code";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { reopenRequest } from "@/lib/subject-requests/reopen-request";

type Registered = ActionState<{ requestId: string; protocol: string }>;

export async function registerRequestAction(_: Registered, form: FormData): Promise<Registered> {
  const input = intakeInput(form);
  return problemsOfForm(await runAction(registerRequest, input), input);
}

export async function assignRequestAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { requestId = "", assigneeId, assigneeIdBefore } = formInput<Record<string, string>>(form);
  const input = { requestId, assigneeId: assigneeId || null, assigneeIdBefore: assigneeIdBefore || null };
  return refreshed(runAction(assignRequest, input));
}

export async function moveRightsAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(moveRights, formInput<Parameters<typeof moveRights>[1]>(form)));
}

export async function confirmIdentityAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { document, documentTail, ...fields } = formInput<Record<string, string>>(form);
  const seen = { document: document || undefined, documentTail: documentTail || undefined };
  return refreshed(runAction(confirmIdentity, { ...fields, ...seen } as Parameters<typeof confirmIdentity>[1]));
}

export async function findRecordingsAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { requestId = "", changedHandsIds = [], agents = "" } = formInput<FindingForm>(form);
  return refreshed(runAction(findRecordings, { requestId, changedHandsIds, agents: agentCodes(agents) }));
}

type FindingForm = { requestId?: string; changedHandsIds?: string[]; agents?: string };

/** One agent on each line: the unit's code, a slash, the agent's code. */
const agentCodes = (text: string) =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const slash = line.indexOf("/");
      return { unit: line.slice(0, Math.max(slash, 0)), agent: line.slice(slash + 1) };
    });

type DecisionForm = {
  requestId?: string;
  decision?: "included" | "excluded";
  reason?: string;
  recordingIds?: string[];
};

export async function decideMatchesAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { recordingIds = [], requestId = "", decision = "included", reason = "" } = formInput<DecisionForm>(form);
  return refreshed(runAction(decideMatches, { requestId, decision, reason, recordings: recordingIds }));
}

export async function includeExactAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { requestId = "", reason = "" } = formInput<DecisionForm>(form);
  return refreshed(runAction(decideMatches, { requestId, decision: "included", reason, recordings: "all_exact" }));
}

export async function issueAnswerAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(issueAnswer, formInput<Parameters<typeof issueAnswer>[1]>(form)));
}

export async function issueFollowUpCodeAction(
  _: ActionState<{ followUpCode: string }>,
  form: FormData,
): Promise<ActionState<{ followUpCode: string }>> {
  return runAction(issueFollowUpCode, formInput<Parameters<typeof issueFollowUpCode>[1]>(form));
}

export async function addSharerAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(addSharer, formInput<Parameters<typeof addSharer>[1]>(form)));
}

export async function closeSharerTaskAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { reason, ...fields } = formInput<Record<string, string>>(form);
  const input = { ...fields, reason: reason || undefined } as Parameters<typeof closeSharerTask>[1];
  return refreshed(runAction(closeSharerTask, input));
}

export async function reopenRequestAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { requestId = "", processId = "", reason = "" } = formInput<Record<string, string>>(form);
  return refreshed(runAction(reopenRequest, { requestId, processIds: [processId], reason }));
}

export async function changeDeadlineAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(changeDeadline, deadlineInput(form)));
}

type DeadlineInput = Parameters<typeof changeDeadline>[1];

/** Converts the form of a deadline. What is no whole number is refused by the operation. */
function deadlineInput(form: FormData): DeadlineInput {
  const { days = "", daysBefore = "", toPreset, ...fields } = formInput<Record<string, string>>(form);
  const whole = (text: unknown) => (/^\s*\d+\s*$/.test(String(text)) ? Number(text) : NaN);
  return { ...fields, days: toPreset ? null : whole(days), daysBefore: whole(daysBefore) } as DeadlineInput;
}
