import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { retryJobAction } from "@/app/(portal)/settings/jobs/actions";
import { JobsTable } from "@/components/jobs/jobs-table";
import { ChoiceFilterBar } from "@/components/table/choice-filter-bar";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Pagination } from "@/components/ui/pagination";
import { loadPage } from "@/lib/http/load-page";
import { pageLink, readFilters, type SearchParams } from "@/lib/http/page-address";
import { jobKinds } from "@/lib/jobs/job-kinds";
import { jobFilters, jobStates, listJobs } from "@/lib/jobs/list-jobs";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("jobs"))("title") };
}

export default async function JobsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const cursor = (name: "after" | "before") => (typeof params[name] === "string" ? params[name] : undefined);
  const filters = readFilters(jobFilters, params);
  const [t, page] = await Promise.all([
    getTranslations("jobs"),
    loadPage(listJobs, { ...filters, after: cursor("after"), before: cursor("before") }),
  ]);
  const [states, kinds] = [
    jobStates.map((value) => ({ value, label: t(`states.${value}`) })),
    jobKinds.map((value) => ({ value, label: t(`kinds.${value}`) })),
  ];
  return (
    <Card>
      <CardHeader title={t("title")} description={t("description")} />
      <CardBody className="border-b border-line">
        <ChoiceFilterBar
          action="/settings/jobs"
          filters={[
            { name: "state", label: t("filters.state"), value: filters.state, options: states },
            { name: "kind", label: t("filters.kind"), value: filters.kind, options: kinds },
          ]}
        />
      </CardBody>
      <JobsTable jobs={page.rows} retryAction={retryJobAction} />
      {page.before || page.after ? (
        <CardBody className="border-t border-line py-2.5">
          <Pagination
            newerHref={pageLink("/settings/jobs", params, "before", page.before)}
            olderHref={pageLink("/settings/jobs", params, "after", page.after)}
          />
        </CardBody>
      ) : null}
    </Card>
  );
}
