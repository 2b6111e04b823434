"use server";

import { formInput } from "@/lib/http/form-input";
import { refreshed, runAction, type ActionState } from "@/lib/http/run-action";
import { retryJob } from "@/lib/jobs/retry-job";

export async function retryJobAction(_: ActionState<null>, form: FormData): Promise<ActionState<null>> {
  return refreshed(runAction(retryJob, formInput(form)));
}
