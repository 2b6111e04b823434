"use server";

import { redirect } from "next/navigation";
import { verifyRecentEvents, type RecentVerification } from "@/lib/audit/verify-recent-events";
import { formInput } from "@/lib/http/form-input";
import { runAction, type ActionState } from "@/lib/http/run-action";
import { readEventSearch } from "@/lib/recordings/references/read-event-search";

/** Shows the log filtered by what was typed. The form posts it, because a URL must not contain it. */
export async function findEvents(_previous: ActionState<unknown>, form: FormData): Promise<ActionState<unknown>> {
  const state = await runAction(readEventSearch, formInput(form));
  if (state.status === "done") redirect(`/audit-log?${state.result.filter}=${state.result.value}`);
  return state;
}

export async function verifyRecentAction(
  _: ActionState<RecentVerification>,
  form: FormData,
): Promise<ActionState<RecentVerification>> {
  return runAction(verifyRecentEvents, formInput(form));
}
