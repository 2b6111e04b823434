import { headers } from "next/headers";
import { ipAddressOf, requestIdOf } from "@/lib/http/request-context";
import type { Operation, OperationContext } from "@/lib/operation/operation";

/** The context of the public pages: everybody acts as nobody in particular there, also who is signed in. */
export async function publicContext(): Promise<OperationContext> {
  const requestHeaders = await headers();
  return {
    actor: { type: "anonymous" },
    requestId: requestIdOf(requestHeaders),
    ipAddress: ipAddressOf(requestHeaders),
  };
}

/** Runs the operation of a public page. */
export async function loadPublicPage<Input, Result>(
  operation: Operation<Input, Result>,
  input: Input,
): Promise<Result> {
  return operation(await publicContext(), input);
}
