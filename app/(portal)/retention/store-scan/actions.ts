"use server";

import { acknowledgeFinding } from "@/lib/store-scan/acknowledge-finding";
import { admitLoss } from "@/lib/store-scan/admit-loss";
import { orderObjectRemoval } from "@/lib/store-scan/removal/order-object-removal";
import { recheckObject } from "@/lib/store-scan/recheck-object";
import { retryFinding } from "@/lib/store-scan/retry-finding";
import { startStoreScan } from "@/lib/store-scan/start-store-scan";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

export async function startStoreScanAction(
  _: ActionState<{ started: boolean }>,
  form: FormData,
): Promise<ActionState<{ started: boolean }>> {
  return refreshed(runAction(startStoreScan, formInput(form)));
}

export async function recheckObjectAction(
  _: ActionState<{ resolved: boolean }>,
  form: FormData,
): Promise<ActionState<{ resolved: boolean }>> {
  return refreshed(runAction(recheckObject, formInput<{ findingId: string }>(form)));
}

export async function retryFindingAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(retryFinding, formInput<{ findingId: string }>(form)));
}

export async function orderObjectRemovalAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(orderObjectRemoval, formInput<{ findingId: string }>(form)));
}

export async function admitLossAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(admitLoss, formInput<{ findingId: string; justification: string }>(form)));
}

export async function acknowledgeFindingAction(_: ActionState, form: FormData): Promise<ActionState> {
  return refreshed(runAction(acknowledgeFinding, formInput<{ findingId: string; reason: string }>(form)));
}
