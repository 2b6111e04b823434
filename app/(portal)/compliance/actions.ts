"use server";

import { acceptRisk } from "@/lib/compliance/accept-risk";
import { checkControls } from "@/lib/compliance/check-controls";
import { planControl } from "@/lib/compliance/plan-control";
import { withdrawRisk } from "@/lib/compliance/withdraw-risk";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

type Checked = ActionState<{ failed: number }>;

export async function checkControlsAction(): Promise<Checked> {
  return refreshed(runAction(checkControls, {}));
}

export async function planControlAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(planControl, formInput<Parameters<typeof planControl>[1]>(form)));
}

export async function acceptRiskAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(acceptRisk, formInput<Parameters<typeof acceptRisk>[1]>(form)));
}

export async function withdrawRiskAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(withdrawRisk, formInput<Parameters<typeof withdrawRisk>[1]>(form)));
}
