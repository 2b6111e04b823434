import type { ErrorCode, FieldProblem } from "@/lib/core/errors";
import { knownError } from "@/lib/http/known-error";
import { currentContext } from "@/lib/http/page-context";
import { log } from "@/lib/core/log";
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
  const context: OperationContext = (await currentContext())?.context ?? {
    actor: { type: "anonymous" },
    requestId: newId(),
    ipAddress: null,
  };
  try {
    return { status: "done", result: await operation(context, input), token: newId() };
  } catch (error) {
    return failure(error, context.requestId);
  }
}

function failure(error: unknown, requestId: string): ActionState<never> {
  const known = knownError(error);
  if (known) {
    if (known.status >= 500) log.error({ error, requestId, code: known.code }, "an action failed");
    const { fields = [], retryAfterSeconds } = known.details;
    return { status: "failed", code: known.code, fields, requestId, retryAfterSeconds };
  }
  log.error({ error, requestId }, "unexpected error in an action");
  return { status: "failed", code: "internal", fields: [], requestId };
}

/** After a success, renders the page again in the same response, so that it shows the change. */
export async function refreshed<Result>(running: Promise<ActionState<Result>>): Promise<ActionState<Result>> {
  const state = await running;
  if (state.status === "done") refresh();
  return state;
}
