"use server";

import { requestPasswordReset } from "@/lib/access/passwords/request-password-reset";
import { formInput } from "@/lib/http/form-input";
import { runAsNobody, type ActionState } from "@/lib/http/run-action";

export async function requestResetAction(_: ActionState<null>, form: FormData): Promise<ActionState<null>> {
  return runAsNobody(requestPasswordReset, formInput(form));
}
