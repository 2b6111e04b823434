import { forbidden, notFound, redirect } from "next/navigation";
import { pageContext, redirectToSignIn } from "@/lib/http/page-context";
import { refusalPage } from "@/lib/http/known-error";
import type { Operation } from "@/lib/operation/operation";

/** Runs a page's operation as the current actor. A refusal leads to the refusal's page. */
export async function loadPage<Input, Result>(operation: Operation<Input, Result>, input: Input): Promise<Result> {
  const { context } = await pageContext();
  try {
    return await operation(context, input);
  } catch (error) {
    const page = refusalPage(error);
    if (page === "sign-in") await redirectToSignIn();
    if (page === "password") redirect("/settings/password");
    if (page === "second-factor") redirect("/settings/second-factor");
    if (page === "forbidden") forbidden();
    if (page === "not-found") notFound();
    throw error;
  }
}
