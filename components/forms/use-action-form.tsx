"use client";

import { useTranslations } from "next-intl";
import { useActionState, useEffect, useRef, type FormEvent, type ReactNode } from "react";
import { SignInLink } from "@/components/access/sign-in/sign-in-link";
import { needsFreshProof, useFreshProof } from "@/components/forms/fresh-proof";
import { ErrorText } from "@/components/ui/error-text";
import { FormMessage } from "@/components/ui/form-message";
import type { ActionState } from "@/lib/http/run-action";

export type FormAction<Result> = (state: ActionState<Result>, form: FormData) => Promise<ActionState<Result>>;

/**
 * Submits a form to a server action. After a refusal the fields keep their values, problems are shown beside them, and
 * the first invalid field gets the focus. `onDone` runs once for each success, even if the page then removes the form.
 */
export function useActionForm<Result>(action: FormAction<Result>, onDone?: (result: Result) => void) {
  // The previous result is not sent back to the server: it may contain names or a secret that is shown once.
  const withFreshProof = useFreshProof();
  const submit = async (_: ActionState<Result>, sent: FormData) => {
    const settled = await withFreshProof(() => action({ status: "idle" }, sent), needsFreshProof);
    // Not in an effect: the refreshed page may no longer have this form.
    if (settled.status === "done") onDone?.(settled.result);
    return settled;
  };
  const [state, send] = useActionState<ActionState<Result>, FormData>(submit, { status: "idle" });
  const ref = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (state.status === "failed") ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [state]);

  const problem = useProblems(state);
  // React empties a form after its action, even after a refusal; this prevents it.
  const onReset = (event: FormEvent) => event.preventDefault();
  return {
    state,
    send,
    problem,
    form: { ref, action: send, onReset, noValidate: true },
    message: <FailureMessage state={state} />,
  };
}

/** What is wrong with a field, in the reader's language. */
export function useProblems(state: ActionState): (path: string) => string | undefined {
  const t = useTranslations("problems");
  return (path) => {
    const reason = state.status === "failed" ? state.fields.find((field) => field.path === path)?.reason : undefined;
    if (reason === undefined) return undefined;
    const key = [`${path}_${reason}`, reason].find((candidate) => t.has(candidate as never)) ?? "invalid";
    return t(key as never);
  };
}

/** Explains above the form why an action was refused, unless the invalid fields do. */
export function FailureMessage({ state }: { state: ActionState }): ReactNode {
  if (state.status !== "failed") return <FormMessage />;
  const unexpected = state.code === "internal" || state.code === "unavailable";
  return (
    <FormMessage requestId={unexpected ? state.requestId : undefined}>
      <ErrorText code={state.fields.length > 0 ? "invalid_input" : state.code} />
      {state.code === "unauthenticated" ? <SignInLink /> : null}
    </FormMessage>
  );
}
