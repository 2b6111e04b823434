"use server";

import { decideDeletionOrder } from "@/lib/deletion/orders/decide-deletion-order";
import { withdrawDeletionOrder } from "@/lib/deletion/orders/withdraw-deletion-order";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { decideHoldRelease } from "@/lib/legal-holds/release/decide-hold-release";
import { withdrawHoldRelease } from "@/lib/legal-holds/release/withdraw-hold-release";
import { decideMinimumReduction } from "@/lib/retention/policies/decide-minimum-reduction";
import { withdrawMinimumReduction } from "@/lib/retention/policies/withdraw-minimum-reduction";
import { decideRequestApproval } from "@/lib/subject-requests/deciding/decide-request-approval";
import { withdrawRequestApproval } from "@/lib/subject-requests/deciding/withdraw-request-approval";

export async function decideHoldReleaseAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(decideHoldRelease, formInput(form)));
}

export async function withdrawHoldReleaseAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(withdrawHoldRelease, formInput(form)));
}

export async function decideMinimumReductionAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(decideMinimumReduction, formInput(form)));
}

export async function withdrawMinimumReductionAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(withdrawMinimumReduction, formInput(form)));
}

export async function decideDeletionOrderAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(decideDeletionOrder, formInput(form)));
}

export async function withdrawDeletionOrderAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(withdrawDeletionOrder, formInput(form)));
}

export async function decideRequestAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(decideRequestApproval, formInput(form)));
}

export async function withdrawRequestAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(withdrawRequestApproval, formInput(form)));
}
