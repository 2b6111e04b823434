"use server";

import { completeSecondStep } from "@/lib/access/second-factor/complete-second-step";
import { runPublicAction, type PublicFormState } from "@/lib/http/run-action";

type SecondStep = PublicFormState<{ ticket: string }>;

export async function completeSecondStepAction(form: FormData): Promise<Pick<SecondStep, "outcome">> {
  // The typed code is not sent back.
  const { outcome } = await runPublicAction(completeSecondStep, form);
  return { outcome };
}
