"use server";

import { redirect } from "next/navigation";
import { formInput } from "@/lib/http/form-input";
import { runAction, type ActionState } from "@/lib/http/run-action";
import { findsCandidates } from "@/lib/recordings/recording-conditions";
import { readSearch } from "@/lib/recordings/references/read-search";

/** Shows the list filtered by what was typed. The form posts it, because a URL must not contain it. */
export async function findCalls(_previous: ActionState<unknown>, form: FormData): Promise<ActionState<unknown>> {
  const state = await runAction(readSearch, formInput(form));
  if (state.status === "done") {
    const { filter, token } = state.result;
    const match = filter === "number" && findsCandidates({ number: token }) ? "&numberMatch=candidate" : "";
    redirect(`/recordings?${filter}=${token}${match}`);
  }
  return state;
}
