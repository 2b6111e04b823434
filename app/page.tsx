import { redirect } from "next/navigation";
import { isAllowed } from "@/lib/operation/permissions";
import { pageContext } from "@/lib/http/page-context";

/** Redirects each role to its first page. */
export default async function StartPage() {
  const { context } = await pageContext();
  const { role } = context.actor;
  if (role === "auditor") redirect("/audit-log");
  if (role === "admin" && isAllowed(context.actor, "user:list")) redirect("/users");
  redirect("/recordings");
}
