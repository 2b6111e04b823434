"use server";

import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import { beginPasskeyProof } from "@/lib/access/passkeys/begin-passkey-proof";
import { proveByPasskey } from "@/lib/access/passkeys/prove-by-passkey";
import { proveIdentity } from "@/lib/access/second-factor/prove-identity";
import { formInput } from "@/lib/http/form-input";
import { runAction, type ActionState } from "@/lib/http/run-action";

/** The answer to the dialog that asks for a fresh proof. */
export async function proveIdentityAction(form: FormData): Promise<ActionState<{ method: string }>> {
  return runAction(proveIdentity, formInput(form));
}

/** What the dialog asks a passkey. */
export async function beginPasskeyProofAction(): Promise<ActionState<PublicKeyCredentialRequestOptionsJSON>> {
  return runAction(beginPasskeyProof, {});
}

/** The answer of a passkey to the dialog. */
export async function proveByPasskeyAction(form: FormData): Promise<ActionState<{ method: string }>> {
  return runAction(proveByPasskey, formInput(form));
}
