"use server";

import { redirect } from "next/navigation";
import { formInput } from "@/lib/http/form-input";
import { runAction, type ActionState } from "@/lib/http/run-action";
import { findsCandidates } from "@/lib/recordings/recording-conditions";
import { readNumberToken } from "@/lib/recordings/number-token";

/** Returns a token for a customer's number. The form posts the number, because a URL must not contain it. */
export async function findByNumber(_previous: ActionState<string>, form: FormData): Promise<ActionState<string>> {
  const { number = "" } = formInput(form);
  const state = await runAction(readNumberToken, { number: String(number) });
  if (state.status === "done") {
    const match = findsCandidates({ number: state.result }) ? "&numberMatch=candidate" : "";
    redirect(`/recordings?number=${state.result}${match}`);
  }
  return state;
}
