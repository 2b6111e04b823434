import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { ControllerNotice } from "@/components/subject-requests/public-page/controller-notice";
import { RetentionNotice } from "@/components/subject-requests/public-page/retention-notice";
import { RightsNotice } from "@/components/subject-requests/public-page/rights-notice";
import { Button } from "@/components/ui/button";
import { readPublicController } from "@/lib/access/controller/read-public-controller";
import { loadPublicPage } from "@/lib/http/public-context";
import { listPublicRetention } from "@/lib/retention/policies/list-public-retention";
import { readPublicRights } from "@/lib/subject-requests/public-page/read-public-rights";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titular"))("title") };
}

export default async function TitularPage() {
  const [t, controller, policies, deadlines] = await Promise.all([
    getTranslations("titular"),
    loadPublicPage(readPublicController, {}),
    loadPublicPage(listPublicRetention, {}),
    loadPublicPage(readPublicRights, {}),
  ]);
  return (
    <>
      <h1 className="text-xl font-semibold">{t("title")}</h1>
      <p>{t("introduction")}</p>
      <div className="flex flex-wrap gap-2">
        <Button asChild variant="primary">
          <Link href="/titular/requisicao">{t("makeLink")}</Link>
        </Button>
        <Button asChild>
          <Link href="/titular/acompanhamento">{t("followLink")}</Link>
        </Button>
      </div>
      <RetentionNotice policies={policies} />
      <RightsNotice deadlines={deadlines} />
      <ControllerNotice controller={controller} />
    </>
  );
}
