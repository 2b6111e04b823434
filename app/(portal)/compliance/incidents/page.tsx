import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import Link from "next/link";
import { addHolidayAction, removeHolidayAction } from "@/app/(portal)/compliance/incidents/actions";
import { IncidentsTable } from "@/components/compliance/incidents/incidents-table";
import { OwnHolidays } from "@/components/compliance/incidents/own-holidays";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { listIncidents } from "@/lib/compliance/incidents/list-incidents";
import { listOwnHolidays } from "@/lib/compliance/incidents/list-own-holidays";
import { loadPage } from "@/lib/http/load-page";
import { pageLink, type SearchParams } from "@/lib/http/page-address";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("incidents"))("title") };
}

export default async function IncidentsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const [t, compliance, page, { holidays, mayManage }] = await Promise.all([
    getTranslations("incidents"),
    getTranslations("compliance"),
    loadPage(listIncidents, { after: cursor("after"), before: cursor("before") }),
    loadPage(listOwnHolidays, {}),
  ]);
  const register = (
    <Button asChild variant="primary">
      <Link href="/compliance/incidents/new">
        <Plus aria-hidden />
        {t("register")}
      </Link>
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("description")}
        parent={{ href: "/compliance", label: compliance("title") }}
        actions={page.mayManage ? register : null}
      />
      <div className="grid gap-4">
        <Card>
          <IncidentsTable incidents={page.rows} />
        </Card>
        <Pagination
          newerHref={pageLink("/compliance/incidents", params, "before", page.before)}
          olderHref={pageLink("/compliance/incidents", params, "after", page.after)}
        />
        <OwnHolidays
          holidays={holidays}
          add={mayManage ? addHolidayAction : undefined}
          remove={mayManage ? removeHolidayAction : undefined}
        />
      </div>
    </>
  );
}
