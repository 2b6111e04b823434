"use server";

import { cleanupInput } from "@/app/(portal)/retention/deletion-orders/deletion-order-input";
import { orderCleanup, type CleanupOrder } from "@/lib/deletion/orders/order-deletion";
import { previewCleanup, type CleanupPreview } from "@/lib/deletion/orders/preview-deletion-order";
import { refreshed } from "@/lib/http/refreshed";
import { runAction, type ActionState } from "@/lib/http/run-action";

export async function previewCleanupAction(
  _: ActionState<CleanupPreview>,
  form: FormData,
): Promise<ActionState<CleanupPreview>> {
  return runAction(previewCleanup, cleanupInput(form).selection);
}

export async function orderCleanupAction(
  _: ActionState<CleanupOrder>,
  form: FormData,
): Promise<ActionState<CleanupOrder>> {
  return refreshed(runAction(orderCleanup, cleanupInput(form)));
}
