"use server";

import { decideDeletionOrder } from "@/lib/deletion/orders/decide-deletion-order";
import { withdrawDeletionOrder } from "@/lib/deletion/orders/withdraw-deletion-order";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { decideHoldRelease } from "@/lib/legal-holds/decide-hold-release";
import { withdrawHoldRelease } from "@/lib/legal-holds/withdraw-hold-release";
import { decidePolicyFloor } from "@/lib/retention/policies/decide-policy-floor";
import { withdrawPolicyFloor } from "@/lib/retention/policies/withdraw-policy-floor";

export async function decideHoldReleaseAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(decideHoldRelease, formInput(form)));
}

export async function withdrawHoldReleaseAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(withdrawHoldRelease, formInput(form)));
}

export async function decidePolicyFloorAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(decidePolicyFloor, formInput(form)));
}

export async function withdrawPolicyFloorAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(withdrawPolicyFloor, formInput(form)));
}

export async function decideDeletionOrderAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(decideDeletionOrder, formInput(form)));
}

export async function withdrawDeletionOrderAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(withdrawDeletionOrder, formInput(form)));
}
