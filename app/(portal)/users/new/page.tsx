import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { forbidden } from "next/navigation";
import { createUserAction } from "@/app/(portal)/users/actions";
import { PageHeader } from "@/components/ui/page-header";
import { CreateUserForm } from "@/components/access/users/create-user-form";
import { roles } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { sendsMail } from "@/lib/access/sessions/account-message";
import { listUnits } from "@/lib/access/units/list-units";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("users"))("new") };
}

export default async function NewUserPage() {
  const [{ context }, units, t] = await Promise.all([pageContext(), loadPage(listUnits, {}), getTranslations("users")]);
  // The page calls no operation that would check the permission.
  if (!isAllowed(context.actor, "user:write")) forbidden();
  return (
    <>
      <PageHeader title={t("new")} parent={{ href: "/users", label: t("title") }} />
      <CreateUserForm action={createUserAction} units={units} roles={roles} sendsMail={sendsMail()} />
    </>
  );
}
