import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { changePasswordAction } from "@/app/(portal)/settings/actions";
import { PasswordForm } from "@/components/access/account/password-form";
import { Card, CardHeader } from "@/components/ui/card";
import { readAccount } from "@/lib/access/account/read-account";
import { loadPage } from "@/lib/http/load-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("password.title") };
}

export default async function PasswordPage() {
  const [{ email, mustChangePassword }, t] = await Promise.all([
    loadPage(readAccount, {}),
    getTranslations("settings"),
  ]);
  return (
    <Card className="max-w-xl" aria-labelledby="password">
      <CardHeader
        id="password"
        title={t("password.title")}
        description={mustChangePassword ? t("password.required") : t("account.passwordDescription")}
      />
      <PasswordForm email={email} isTemporary={mustChangePassword} action={changePasswordAction} />
    </Card>
  );
}
