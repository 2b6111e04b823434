"use server";

import { changeOversightSettings } from "@/lib/compliance/oversight/change-oversight-settings";
import { requestReport } from "@/lib/compliance/reports/request-report";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

export async function requestReportAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(requestReport, formInput<Parameters<typeof requestReport>[1]>(form)));
}

export async function changeReportSettingsAction(_: ActionState, form: FormData): Promise<ActionState> {
  const input = formInput<Parameters<typeof changeOversightSettings>[1]>(form);
  return refreshed(runAction(changeOversightSettings, input));
}
