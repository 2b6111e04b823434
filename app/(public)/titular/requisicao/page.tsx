import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import {
  checkCodeAction,
  readOwnRequestAction,
  sendCodeAction,
  submitRequestAction,
} from "@/app/(public)/titular/actions";
import { RequestForm } from "@/components/subject-requests/public-page/request-form";
import { TextLink } from "@/components/ui/text-link";
import { loadPublicPage } from "@/lib/http/public-context";
import { readPublicForm } from "@/lib/subject-requests/public-page/read-public-form";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titular"))("form.title") };
}

export default async function RequestPage() {
  const [t, page] = await Promise.all([getTranslations("titular"), loadPublicPage(readPublicForm, {})]);
  return (
    <>
      <p>
        <TextLink href="/titular">{t("back")}</TextLink>
      </p>
      <h1 className="text-xl font-semibold">{t("form.title")}</h1>
      <p className="text-ink-muted">{t("form.description")}</p>
      <RequestForm
        {...page}
        action={submitRequestAction}
        followUp={{ read: readOwnRequestAction, send: sendCodeAction, check: checkCodeAction }}
      />
    </>
  );
}
