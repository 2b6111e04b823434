import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { checkCodeAction, readOwnRequestAction, sendCodeAction } from "@/app/(public)/titular/actions";
import { OwnRequestSteps } from "@/components/subject-requests/public-page/own-request-steps";
import { TextLink } from "@/components/ui/text-link";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titular"))("follow.pageTitle") };
}

export default async function FollowUpPage() {
  const t = await getTranslations("titular");
  return (
    <>
      <p>
        <TextLink href="/titular">{t("back")}</TextLink>
      </p>
      <h1 className="text-xl font-semibold">{t("follow.pageTitle")}</h1>
      <OwnRequestSteps actions={{ read: readOwnRequestAction, send: sendCodeAction, check: checkCodeAction }} />
    </>
  );
}
