"use server";

import { changeController } from "@/lib/access/controller/change-controller";
import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";

type Changed = ActionState<{ version: number }>;

export async function changeControllerAction(_: Changed, form: FormData): Promise<Changed> {
  return refreshed(runAction(changeController, formInput(form)));
}
