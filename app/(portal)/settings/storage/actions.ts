"use server";

import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { checkStorage, type StorageCheck } from "@/lib/storage-checks/check-storage";

export async function checkStorageAction(
  _: ActionState<StorageCheck>,
  form: FormData,
): Promise<ActionState<StorageCheck>> {
  return refreshed(runAction(checkStorage, formInput(form)));
}
