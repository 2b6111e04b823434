"use server";

import { verifyRecentEvents, type RecentVerification } from "@/lib/audit/verify-recent-events";
import { formInput } from "@/lib/http/form-input";
import { runAction, type ActionState } from "@/lib/http/run-action";

export async function verifyRecentAction(
  _: ActionState<RecentVerification>,
  form: FormData,
): Promise<ActionState<RecentVerification>> {
  return runAction(verifyRecentEvents, formInput(form));
}
