import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { RunsTable } from "@/components/deletion/runs/runs-table";
import { Card, CardBody } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { loadPage } from "@/lib/http/load-page";
import { listRetentionRuns } from "@/lib/deletion/runs/list-retention-runs";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("retention"))("runs.title") };
}

const cursorParameter = z.uuid().optional().catch(undefined);

export default async function RunsPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const cursor = cursorParameter.parse((await searchParams).after);
  const [t, { runs, nextCursor }] = await Promise.all([
    getTranslations("retention"),
    loadPage(listRetentionRuns, { cursor }),
  ]);
  return (
    <>
      <PageHeader title={t("runs.title")} description={t("runs.description")} />
      <Card>
        <RunsTable runs={runs} />
        {cursor || nextCursor ? (
          <CardBody className="border-t border-line py-2.5">
            <Pagination
              newerHref={cursor ? "/retention/runs" : undefined}
              olderHref={nextCursor ? `/retention/runs?after=${nextCursor}` : undefined}
            />
          </CardBody>
        ) : null}
      </Card>
    </>
  );
}
