import type { Figure } from "@/lib/compliance/reports/figures/figure";
import type { ReportPeriod } from "@/lib/compliance/reports/report-period";
import type { reportVerdicts } from "@/lib/db/schema/audit-reports";

/** What a report says. */
export type ReportContent = {
  number: string;
  period: ReportPeriod;
  /** The period that it is compared with. */
  before: ReportPeriod;
  issuedAt: Date;
  /** Zone of the controller. */
  timeZone: string;
  controller: { name: string; cnpj: string | null; address: string | null };
  verdict: (typeof reportVerdicts)[number];
  figures: readonly Figure[];
};

/** "R-20260101-20260131-0190A4C2". */
export const reportNumber = (id: string, { from, to }: ReportPeriod) =>
  `R-${from.replaceAll("-", "")}-${to.replaceAll("-", "")}-${id.slice(-8).toUpperCase()}`;
