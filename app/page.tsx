import { redirect } from "next/navigation";
import { isAllowed } from "@/lib/operation/permissions";
import { pageContext } from "@/lib/http/page-context";

/** Each role starts where its work is. */
export default async function StartPage() {
  const { context } = await pageContext();
  const { role } = context.actor;
  if (role === "auditor") redirect("/audit-log");
  if (role === "admin" && isAllowed(context.actor, "user:list")) redirect("/users");
  redirect("/recordings");
}
