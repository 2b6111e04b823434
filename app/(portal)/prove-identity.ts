"use server";

import { proveIdentity } from "@/lib/access/second-factor/prove-identity";
import { formInput } from "@/lib/http/form-input";
import { runAction, type ActionState } from "@/lib/http/run-action";

/** The answer to the dialog that asks for a fresh proof. */
export async function proveIdentityAction(form: FormData): Promise<ActionState<{ method: string }>> {
  return runAction(proveIdentity, formInput(form));
}
