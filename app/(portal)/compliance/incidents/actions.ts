"use server";

import { addAffectedRecordings, type AffectedSearch } from "@/lib/compliance/incidents/add-affected-recordings";
import { addOwnHoliday } from "@/lib/compliance/incidents/add-own-holiday";
import { changeIncident } from "@/lib/compliance/incidents/change-incident";
import { closeIncident } from "@/lib/compliance/incidents/close-incident";
import { recordNotice } from "@/lib/compliance/incidents/record-notice";
import { registerIncident } from "@/lib/compliance/incidents/register-incident";
import { removeOwnHoliday } from "@/lib/compliance/incidents/remove-own-holiday";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

type Registered = ActionState<{ incidentId: string }>;

export async function registerIncidentAction(_: Registered, form: FormData): Promise<Registered> {
  return runAction(registerIncident, formInput<Parameters<typeof registerIncident>[1]>(form));
}

export async function changeIncidentAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(changeIncident, formInput<Parameters<typeof changeIncident>[1]>(form)));
}

export async function addAffectedAction(
  _: ActionState<{ added: number }>,
  form: FormData,
): Promise<ActionState<{ added: number }>> {
  const { incidentId = "", ...search } = formInput<Record<string, string>>(form);
  return refreshed(runAction(addAffectedRecordings, { incidentId, search: search as AffectedSearch }));
}

export async function recordNoticeAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(recordNotice, formInput<Parameters<typeof recordNotice>[1]>(form)));
}

export async function closeIncidentAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(closeIncident, formInput<Parameters<typeof closeIncident>[1]>(form)));
}

export async function addHolidayAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(addOwnHoliday, formInput<Parameters<typeof addOwnHoliday>[1]>(form)));
}

export async function removeHolidayAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(removeOwnHoliday, formInput<Parameters<typeof removeOwnHoliday>[1]>(form)));
}
