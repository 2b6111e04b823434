import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { createUnitAction, updateUnitAction } from "@/app/(portal)/settings/units/actions";
import { CreateUnit } from "@/components/access/units/create-unit";
import { UnitsTable } from "@/components/access/units/units-table";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { isAllowed } from "@/lib/operation/permissions";
import { env } from "@/lib/core/env";
import { loadPage } from "@/lib/http/load-page";
import { pageContext } from "@/lib/http/page-context";
import { brazilianTimeZones } from "@/lib/access/units/brazilian-time-zones";
import { listUnits } from "@/lib/access/units/list-units";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("units.title") };
}

export default async function UnitsPage() {
  const [units, { context }, t] = await Promise.all([
    loadPage(listUnits, {}),
    pageContext(),
    getTranslations("settings.units"),
  ]);
  const mayWrite = isAllowed(context.actor, "unit:write");
  const create = mayWrite ? (
    <CreateUnit action={createUnitAction} timeZone={env().CONTROLLER_TIME_ZONE} timeZones={brazilianTimeZones} />
  ) : null;
  return (
    <Card>
      <CardHeader title={t("title")} description={t("description")} actions={create} />
      {units.length > 0 ? (
        <UnitsTable
          units={units}
          timeZones={brazilianTimeZones}
          updateAction={mayWrite ? updateUnitAction : undefined}
        />
      ) : (
        <EmptyState title={t("emptyTitle")} description={mayWrite ? t("empty") : t("emptyOwn")} />
      )}
    </Card>
  );
}
