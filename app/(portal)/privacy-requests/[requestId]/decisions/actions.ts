"use server";

import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { decideRecordings } from "@/lib/subject-requests/deciding/decide-recordings";
import { decideRight } from "@/lib/subject-requests/deciding/decide-right";
import { submitDecision } from "@/lib/subject-requests/deciding/submit-decision";

type DecisionForm = Record<string, string> & { recordingIds?: string[]; which?: string };

/** What was chosen on the page, or everything undecided. Empty fields are left out. */
export async function decideRecordingsAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { recordingIds, which, ...fields } = formInput<DecisionForm>(form) as DecisionForm & {
    recordingIds?: string[];
  };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
  const recordings = which === "undecided" ? "undecided" : (recordingIds ?? []);
  return refreshed(runAction(decideRecordings, { ...given, recordings } as Parameters<typeof decideRecordings>[1]));
}

export async function decideRightAction(_: ActionState, form: FormData): Promise<ActionState> {
  const { ground, ...fields } = formInput<Record<string, string>>(form);
  const input = { ...fields, ground: ground || undefined } as Parameters<typeof decideRight>[1];
  return refreshed(runAction(decideRight, input));
}

export async function submitDecisionAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(submitDecision, formInput(form)));
}
