import { forbidden, notFound, redirect } from "next/navigation";
import { AppError } from "@/lib/core/errors";
import { pageContext } from "@/lib/http/page-context";
import type { Operation } from "@/lib/operation/operation";

/** Runs the operation a page shows, as the person who asks for it. Refusals become the pages made for them. */
export async function loadPage<Input, Result>(operation: Operation<Input, Result>, input: Input): Promise<Result> {
  const { context } = await pageContext();
  try {
    return await operation(context, input);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "unauthenticated") redirect("/sign-in");
    if (error.code === "password_change_required") redirect("/settings/password");
    if (error.code === "forbidden") forbidden();
    if (error.code === "not_found" || error.code === "invalid_input") notFound();
    throw error;
  }
}
