"use server";

import { deletionOrderInput } from "@/app/(portal)/retention/deletion-orders/deletion-order-input";
import { orderDeletion, type OrderedDeletion } from "@/lib/deletion/orders/order-deletion";
import { previewDeletionOrder, type DeletionOrderPreview } from "@/lib/deletion/orders/preview-deletion-order";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

export async function previewDeletionOrderAction(
  _: ActionState<DeletionOrderPreview>,
  form: FormData,
): Promise<ActionState<DeletionOrderPreview>> {
  return runAction(previewDeletionOrder, deletionOrderInput(form).selection);
}

export async function orderDeletionAction(
  _: ActionState<OrderedDeletion>,
  form: FormData,
): Promise<ActionState<OrderedDeletion>> {
  return refreshed(runAction(orderDeletion, deletionOrderInput(form)));
}
