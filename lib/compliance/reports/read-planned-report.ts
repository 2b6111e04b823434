import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { currentController } from "@/lib/access/controller/controller-facts";
import { env } from "@/lib/core/env";
import { auditReports } from "@/lib/db/schema";
import { isLocale } from "@/lib/i18n/locales";
import { query } from "@/lib/operation/operation";

/** A report that is to be made, with its sender. Null: it is made, or no longer wanted. */
export const readPlannedReport = query({
  permission: "audit-report:make",
  input: z.object({ reportId: z.uuid() }),
  run: async ({ db, input: { reportId } }) => {
    const { id, fromDay: from, toDay: to, locale, state } = auditReports;
    const isWanted = and(eq(id, reportId), inArray(state, ["waiting", "storing"]));
    const [report] = await db.select({ id, from, to, locale }).from(auditReports).where(isWanted);
    if (!report) return null;
    const { facts } = await currentController(db);
    const controller = { name: facts.legalName || env().CONTROLLER_NAME, cnpj: facts.cnpj, address: facts.address };
    return { ...report, locale: isLocale(report.locale) ? report.locale : ("pt-BR" as const), controller };
  },
});

export type PlannedReport = NonNullable<Awaited<ReturnType<typeof readPlannedReport>>>;
