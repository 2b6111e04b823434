"use server";

import { orderDeletion, type OrderedDeletion } from "@/lib/deletion/orders/order-deletion";
import { previewDeletionOrder, type DeletionOrderPreview } from "@/lib/deletion/orders/preview-deletion-order";
import { formInput, readIds } from "@/lib/http/form-input";
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

type OrderInput = Parameters<typeof orderDeletion>[1];

/**
 * Converts the form of a deletion order to the input of its operations. Ids are separated by lines, spaces or commas.
 */
function deletionOrderInput(form: FormData): OrderInput {
  const {
    ids = "",
    justification = "",
    legalGround = "",
    legalGroundWords = "",
    acknowledgedRecordings = "0",
    ...selection
  } = formInput<Record<string, string>>(form);
  const recordingIds = readIds(ids);
  return {
    selection: { ...selection, ...(recordingIds.length > 0 ? { recordingIds } : {}) } as OrderInput["selection"],
    justification,
    ...{ legalGround: legalGround as OrderInput["legalGround"], legalGroundWords },
    acknowledgedRecordings,
  };
}
