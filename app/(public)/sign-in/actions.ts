"use server";

import type { PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";
import { beginPasskeySignIn } from "@/lib/access/passkeys/begin-passkey-sign-in";
import { beginPasskeyStep } from "@/lib/access/passkeys/begin-passkey-step";
import { completePasskeySignIn } from "@/lib/access/passkeys/complete-passkey-sign-in";
import { completePasskeyStep } from "@/lib/access/passkeys/complete-passkey-step";
import { completeSecondStep } from "@/lib/access/second-factor/complete-second-step";
import { formInput } from "@/lib/http/form-input";
import { runAsNobody, runPublicAction, type ActionState, type PublicFormState } from "@/lib/http/run-action";

type SecondStep = PublicFormState<{ ticket: string }>;
type Asked = ActionState<PublicKeyCredentialRequestOptionsJSON>;

export async function completeSecondStepAction(form: FormData): Promise<Pick<SecondStep, "outcome">> {
  // The typed code is not sent back.
  const { outcome } = await runPublicAction(completeSecondStep, form);
  return { outcome };
}

export async function beginPasskeyStepAction(form: FormData): Promise<Asked> {
  return runAsNobody(beginPasskeyStep, formInput(form));
}

export async function completePasskeyStepAction(form: FormData): Promise<ActionState<{ ticket: string }>> {
  return runAsNobody(completePasskeyStep, formInput(form));
}

export async function beginPasskeySignInAction(): Promise<Asked> {
  return runAsNobody(beginPasskeySignIn, {});
}

export async function completePasskeySignInAction(form: FormData): Promise<ActionState<{ ticket: string }>> {
  return runAsNobody(completePasskeySignIn, formInput(form));
}
