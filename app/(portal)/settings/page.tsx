import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { changeLocaleAction, endOtherSessionsAction, endSessionAction } from "@/app/(portal)/settings/actions";
import { AccountFacts } from "@/components/access/account/account-facts";
import { SessionList } from "@/components/access/sessions/session-list";
import { LanguageForm } from "@/components/access/account/language-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { readAccount } from "@/lib/access/account/read-account";
import { listOwnSessions } from "@/lib/access/sessions/list-own-sessions";
import { loadPage } from "@/lib/http/load-page";
import { defaultLocale, isLocale } from "@/lib/i18n/locales";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("account.title") };
}

export default async function AccountPage() {
  const [account, { open, previous }, t] = await Promise.all([
    loadPage(readAccount, {}),
    loadPage(listOwnSessions, {}),
    getTranslations("settings"),
  ]);
  return (
    <div className="grid max-w-3xl gap-4">
      <Card aria-labelledby="account">
        <CardHeader id="account" title={t("account.title")} description={t("account.description")} />
        <CardBody>
          <AccountFacts account={account} />
        </CardBody>
      </Card>
      <Card aria-labelledby="sessions">
        <CardHeader id="sessions" title={t("sessions.title")} description={t("sessions.description")} />
        <SessionList
          sessions={open}
          previous={previous}
          endAction={endSessionAction}
          endOthersAction={endOtherSessionsAction}
        />
      </Card>
      <Card aria-labelledby="language">
        <CardHeader id="language" title={t("account.language")} description={t("account.languageDescription")} />
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
