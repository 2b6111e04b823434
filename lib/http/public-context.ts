import { headers } from "next/headers";
import { publicContextOf } from "@/lib/http/request-context";
import type { Operation, OperationContext } from "@/lib/operation/operation";

/** The context of the public pages. */
export const publicContext = async (): Promise<OperationContext> => publicContextOf(await headers());

/** Runs the operation of a public page. */
export async function loadPublicPage<Input, Result>(
  operation: Operation<Input, Result>,
  input: Input,
): Promise<Result> {
  return operation(await publicContext(), input);
}
