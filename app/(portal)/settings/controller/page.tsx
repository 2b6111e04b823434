import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { changeControllerAction } from "@/app/(portal)/settings/controller/actions";
import { ControllerForm } from "@/components/access/controller/controller-form";
import { ControllerHistory } from "@/components/access/controller/controller-history";
import { ControllerSummary } from "@/components/access/controller/controller-summary";
import { MissingFacts } from "@/components/access/controller/missing-facts";
import { listControllerVersions } from "@/lib/access/controller/list-controller-versions";
import { readController } from "@/lib/access/controller/read-controller";
import { limitBounds } from "@/lib/access/sessions/session-limits";
import { brazilianTimeZones } from "@/lib/access/units/brazilian-time-zones";
import { calendarDay } from "@/lib/core/time";
import { loadPage } from "@/lib/http/load-page";
import { pageLink, readFilters, type SearchParams } from "@/lib/http/page-address";
import { pageContext } from "@/lib/http/page-context";
import { isAllowed } from "@/lib/operation/permissions";

const versionFilters = z.object({
  on: calendarDay.optional(),
  before: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
});

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("controller"))("title") };
}

export default async function ControllerPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const filters = readFilters(versionFilters, params);
  const [settings, history, { context }] = await Promise.all([
    loadPage(readController, {}),
    loadPage(listControllerVersions, filters),
    pageContext(),
  ]);
  return (
    <div className="grid max-w-4xl gap-4">
      <MissingFacts missing={settings.missing} />
      {isAllowed(context.actor, "controller:write") ? (
        <ControllerForm
          settings={settings}
          timeZones={brazilianTimeZones}
          bounds={limitBounds}
          action={changeControllerAction}
        />
      ) : (
        <ControllerSummary settings={settings} />
      )}
      <ControllerHistory
        versions={history.versions}
        on={filters.on}
        olderHref={pageLink("/settings/controller", params, "before", history.nextCursor)}
      />
    </div>
  );
}
