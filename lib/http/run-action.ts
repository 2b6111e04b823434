import type { ErrorCode, FieldProblem } from "@/lib/core/errors";
import { noteArguments } from "@/lib/http/entry/current-entry";
import { formInput } from "@/lib/http/form-input";
import { knownError } from "@/lib/http/known-error";
import { currentContext } from "@/lib/http/page-context";
import { publicContext } from "@/lib/http/public-context";
import { log } from "@/lib/core/log";
import { takeLogLine } from "@/lib/core/log-budget";
import { newId } from "@/lib/core/new-id";
import type { Operation, OperationContext } from "@/lib/operation/operation";
import { refresh } from "next/cache";

/**
 * The state of a form after its last submission. `token` differs each time, so that an effect can distinguish two
 * successes.
 */
export type ActionState<Result = unknown> =
  | { status: "idle" }
  | { status: "done"; result: Result; token: string }
  | { status: "failed"; code: ErrorCode; fields: FieldProblem[]; requestId: string; retryAfterSeconds?: number };

/** Runs the operation of a server action as the user who sent the form. Never throws: errors become form state. */
export async function runAction<Input, Result>(
  operation: Operation<Input, Result>,
  input: Input,
): Promise<ActionState<Result>> {
  noteArguments();
  try {
    return await run(operation, input, (await currentContext())?.context ?? (await publicContext()));
  } catch (error) {
    return failure(error, newId());
  }
}

/** The values of a form's fields, as they were sent. */
export type FormValues = Record<string, string | string[]>;

/** The state of a form of the public pages. Without JavaScript the next page is made of it, so it has the values. */
export type PublicFormState<Result = unknown> = { outcome: ActionState<Result>; values: FormValues; at: string };

/** Runs the operation of a form of the public pages, as nobody in particular. Never throws. */
export async function runPublicAction<Input, Result>(
  operation: Operation<Input, Result>,
  form: FormData,
): Promise<PublicFormState<Result>> {
  // Throws if the argument is no form.
  const values = formInput<FormValues>(form);
  return { outcome: await runAsNobody(operation, values as Input), values, at: newId() };
}

/** Runs the operation of a server action of a page without a sign-in, as nobody in particular. Never throws. */
export async function runAsNobody<Input, Result>(
  operation: Operation<Input, Result>,
  input: Input,
): Promise<ActionState<Result>> {
  noteArguments();
  return run(operation, input, await publicContext());
}

async function run<Input, Result>(
  operation: Operation<Input, Result>,
  input: Input,
  context: OperationContext,
): Promise<ActionState<Result>> {
  try {
    return { status: "done", result: await operation(context, input), token: newId() };
  } catch (error) {
    return failure(error, context.requestId);
  }
}

function failure(error: unknown, requestId: string): ActionState<never> {
  const known = knownError(error);
  if (known) {
    if (known.status >= 500 && takeLogLine(known.code))
      log.error({ error, requestId, code: known.code }, "an action failed");
    const { fields = [], retryAfterSeconds } = known.details;
    return { status: "failed", code: known.code, fields, requestId, retryAfterSeconds };
  }
  if (takeLogLine("internal")) log.error({ error, requestId }, "unexpected error in an action");
  return { status: "failed", code: "internal", fields: [], requestId };
}

/** After a success, renders the page again in the same response, so that it shows the change. */
export async function refreshed<Result>(running: Promise<ActionState<Result>>): Promise<ActionState<Result>> {
  const state = await running;
  if (state.status === "done") refresh();
  return state;
}
