"use server";

import { intakeInput, problemsOfForm } from "@/app/(portal)/privacy-requests/intake-input";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { assignRequest } from "@/lib/subject-requests/assign-request";
import { changeDeadline } from "@/lib/subject-requests/change-deadline";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { reopenRequest } from "@/lib/subject-requests/reopen-request";
import { startRequest } from "@/lib/subject-requests/start-request";
import { withdrawRequest } from "@/lib/subject-requests/withdraw-request";

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

export async function startRequestAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(startRequest, formInput(form)));
}

export async function withdrawRequestAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(withdrawRequest, formInput(form)));
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
