import { useActionState, useEffect, useRef, type FormEvent } from "react";
import { useProblems } from "@/components/forms/use-action-form";
import type { PublicFormState } from "@/lib/http/run-action";

export type PublicAction<Result> = (state: PublicFormState<Result>, form: FormData) => Promise<PublicFormState<Result>>;

/**
 * Submits a form of the public pages to a server action, also without JavaScript: the action itself is the form's, and
 * the next page has its result. After a refusal the fields keep their values.
 * @param page that has this form too, and shows the result without JavaScript; default: the page of the form.
 */
export function usePublicForm<Result>(action: PublicAction<Result>, page?: string) {
  const [state, send] = useActionState(action, { outcome: { status: "idle" }, values: {}, at: "" }, page);
  const ref = useRef<HTMLFormElement>(null);
  const { outcome, values } = state;
  useEffect(() => {
    if (outcome.status === "failed") ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [outcome]);
  // React empties a form after its action, even after a refusal; this prevents it.
  const onReset = (event: FormEvent) => event.preventDefault();
  const listOf = (name: string) => [values[name] ?? []].flat();
  return {
    state,
    problem: useProblems(outcome),
    form: { ref, action: send, onReset, noValidate: true },
    /** What was sent for a field; undefined before the first time. */
    sent: (name: string): string | undefined => listOf(name)[0],
    sentAll: listOf,
  };
}

export type PublicFormFields = Pick<ReturnType<typeof usePublicForm>, "problem" | "sent" | "sentAll">;
