"use server";

import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { assignRequest } from "@/lib/subject-requests/assign-request";
import { changeDeadline } from "@/lib/subject-requests/change-deadline";
import { registerRequest, type RegisterRequestInput } from "@/lib/subject-requests/register-request";
import { reopenRequest } from "@/lib/subject-requests/reopen-request";
import { startRequest } from "@/lib/subject-requests/start-request";
import { withdrawRequest } from "@/lib/subject-requests/withdraw-request";

type Registered = ActionState<{ requestId: string; protocol: string }>;

export async function registerRequestAction(_: Registered, form: FormData): Promise<Registered> {
  return runAction(registerRequest, intakeInput(form));
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
  const whole = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : NaN);
  return { ...fields, days: toPreset ? null : whole(days), daysBefore: whole(daysBefore) } as DeadlineInput;
}

/** The kinds of identifiers, by the fields of the form: one value on each line. */
const identifierFields = {
  numbers: "number",
  taxIds: "tax_id",
  protocols: "protocol",
  customerReferences: "customer_reference",
  emails: "email",
} as const;

type IdentifierField = keyof typeof identifierFields;

/** Converts the form of the intake. An empty field is none. */
function intakeInput(form: FormData): RegisterRequestInput {
  const { rights = [], ...fields } = formInput<Record<string, string> & { rights?: string[] }>(form);
  const given = Object.entries(fields as Record<string, string>).filter(([, value]) => value.trim() !== "");
  const identifiers = given.flatMap(([name, value]) =>
    name in identifierFields
      ? value
          .split(/\r?\n/)
          .map((line) => line.trim())
          .filter(Boolean)
          .map((line) => ({ kind: identifierFields[name as IdentifierField], value: line }))
      : [],
  );
  const others = Object.fromEntries(given.filter(([name]) => !(name in identifierFields)));
  return { ...others, rights, identifiers } as RegisterRequestInput;
}
