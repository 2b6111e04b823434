import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { changeDeadlineAction } from "@/app/(portal)/privacy-requests/actions";
import { DeadlinesTable } from "@/components/subject-requests/deadlines-table";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { isAllowed } from "@/lib/operation/permissions";
import { listDeadlines } from "@/lib/subject-requests/list-deadlines";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("subjectRequests"))("deadlines.title") };
}

export default async function DeadlinesPage() {
  const [t, { context }, deadlines] = await Promise.all([
    getTranslations("subjectRequests"),
    pageContext(),
    loadPage(listDeadlines, {}),
  ]);
  const mayChange = isAllowed(context.actor, "subject-request:change-deadline");
  return (
    <>
      <PageHeader
        title={t("deadlines.title")}
        description={t("deadlines.description")}
        parent={{ href: "/privacy-requests", label: t("title") }}
      />
      <Card>
        <DeadlinesTable deadlines={deadlines} change={mayChange ? changeDeadlineAction : undefined} />
      </Card>
    </>
  );
}
