"use server";

import { acknowledgeAlert } from "@/lib/compliance/alerts/acknowledge-alert";
import { changeOversightSettings } from "@/lib/compliance/oversight/change-oversight-settings";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

export async function acknowledgeAlertAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(acknowledgeAlert, formInput<Parameters<typeof acknowledgeAlert>[1]>(form)));
}

export async function changeThresholdsAction(_: ActionState, form: FormData): Promise<ActionState> {
  const input = formInput<Parameters<typeof changeOversightSettings>[1]>(form);
  return refreshed(runAction(changeOversightSettings, input));
}
