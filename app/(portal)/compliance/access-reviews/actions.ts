"use server";

import { confirmUnit, decideAccess } from "@/lib/compliance/access-reviews/decide-access";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

type Confirmed = ActionState<{ confirmed: number }>;

export async function decideAccessAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(decideAccess, formInput<Parameters<typeof decideAccess>[1]>(form)));
}

export async function confirmUnitAction(_: Confirmed, form: FormData): Promise<Confirmed> {
  return refreshed(runAction(confirmUnit, formInput<Parameters<typeof confirmUnit>[1]>(form)));
}
