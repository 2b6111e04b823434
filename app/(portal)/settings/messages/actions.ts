"use server";

import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { changeMessageText, restoreStandardText } from "@/lib/notifications/templates/change-message-text";
import { previewMessageText, type MessagePreview } from "@/lib/notifications/templates/preview-message-text";

type Changed = ActionState<{ version: string }>;

export async function changeMessageTextAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(changeMessageText, formInput(form)));
}

export async function restoreStandardTextAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(restoreStandardText, formInput(form)));
}

export async function previewMessageTextAction(
  _: ActionState<MessagePreview>,
  form: FormData,
): Promise<ActionState<MessagePreview>> {
  return runAction(previewMessageText, formInput(form));
}
