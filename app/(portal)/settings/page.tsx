import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { changeLocaleAction } from "@/app/(portal)/settings/actions";
import { AccountFacts } from "@/components/access/account/account-facts";
import { LanguageForm } from "@/components/access/account/language-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { readAccount } from "@/lib/access/account/read-account";
import { loadPage } from "@/lib/http/load-page";
import { defaultLocale, isLocale } from "@/lib/i18n/locales";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("account.title") };
}

export default async function AccountPage() {
  const [account, t] = await Promise.all([loadPage(readAccount, {}), getTranslations("settings.account")]);
  return (
    <div className="grid max-w-3xl gap-4">
      <Card aria-labelledby="account">
        <CardHeader id="account" title={t("title")} description={t("description")} />
        <CardBody>
          <AccountFacts account={account} />
        </CardBody>
      </Card>
      <Card aria-labelledby="language">
        <CardHeader id="language" title={t("language")} description={t("languageDescription")} />
        <CardBody>
          <LanguageForm
            locale={isLocale(account.locale) ? account.locale : defaultLocale}
            action={changeLocaleAction}
          />
        </CardBody>
      </Card>
    </div>
  );
}
