import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { checkCodeAction, readOwnRequestAction, sendCodeAction } from "@/app/(public)/titular/actions";
import { MandateResult } from "@/components/subject-requests/public-page/mandate-result";
import { OwnRequestSteps } from "@/components/subject-requests/public-page/own-request-steps";
import { TextLink } from "@/components/ui/text-link";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titular"))("follow.pageTitle") };
}

type Search = Promise<{ mandate?: string | string[] }>;

export default async function FollowUpPage({ searchParams }: { searchParams: Search }) {
  const t = await getTranslations("titular");
  const { mandate } = await searchParams;
  return (
    <>
      <p>
        <TextLink href="/titular">{t("back")}</TextLink>
      </p>
      <h1 className="text-xl font-semibold">{t("follow.pageTitle")}</h1>
      {typeof mandate === "string" ? <MandateResult outcome={mandate} /> : null}
      <OwnRequestSteps actions={{ read: readOwnRequestAction, send: sendCodeAction, check: checkCodeAction }} />
    </>
  );
}
