import { stringify } from "csv-stringify/sync";
import { excelCsv } from "@/lib/core/excel-csv";
import type { AccessDecisionRow } from "@/lib/compliance/reports/list-access-decisions";
import type { AccessRow } from "@/lib/compliance/reports/list-accesses";
import type { ReportContent } from "@/lib/compliance/reports/report-content";
import type { ReportWords } from "@/lib/compliance/reports/report-words";

const head = (columns: readonly string[]) => `\uFEFF${stringify([[...columns]], excelCsv)}`;

const figureColumns = ["section", "figure", "about", "aboutId", "from", "to", "value", "before", "difference"] as const;

/** The figures of a report, one in a row, one value in a column. Numbers have no separators. */
export function figuresAsCsv({ figures, period }: ReportContent, { say, subject }: ReportWords): string {
  const rows = figures.map((figure) => {
    const { section, name, of, value, before } = figure;
    const difference = value === null || before === null ? null : value - before;
    return [
      ...[say(`sections.${section}`), say(`figures.${name}`), subject(figure), of?.id ?? ""],
      ...[period.from, period.to, value ?? "", before ?? ""],
      // A minus is no formula.
      difference ?? "",
    ];
  });
  return head(figureColumns.map((column) => say(`columns.${column}`))) + stringify(rows, excelCsv);
}

const accessColumns = [
  ...(["at", "atUtc", "person", "personId", "unit", "unitId", "recordingId", "kind", "purpose"] as const),
  ...(["sent", "failed", "offHours", "heardSeconds", "eventId"] as const),
];

export const accessesHead = ({ say }: ReportWords) => head(accessColumns.map((column) => say(`columns.${column}`)));

/** Accesses to audio, one in a row. Local times are in the controller's zone. */
export function accessesAsCsv(accesses: readonly AccessRow[], words: ReportWords, timeZone: string): string {
  const { say, time, purpose } = words;
  const answer = (is: boolean) => say(is ? "yes" : "no");
  const rows = accesses.map((row) => [
    ...[time(row.at, timeZone, { seconds: true }), row.at, row.user ?? "", row.userId ?? "", row.unit ?? ""],
    ...[row.unitId ?? "", row.recordingId ?? "", say(`kinds.${row.kind}`), purpose(row.purpose)],
    ...[answer(row.wasSent), answer(row.hasFailed), answer(row.isOffHours)],
    ...[Math.round(row.heardMs / 1000), row.id],
  ]);
  return stringify(rows, excelCsv);
}

const decisionColumns = [
  ...(["quarter", "at", "atUtc", "person", "personId", "role", "units", "decision"] as const),
  ...(["decidedBy", "decidedById"] as const),
];

/** Decisions on people's access, one in a row, with role and units as they were decided on. */
export function decisionsAsCsv(decisions: readonly AccessDecisionRow[], words: ReportWords, timeZone: string): string {
  const { say, time, role } = words;
  const rows = decisions.map((row) => [
    ...[row.quarter, time(row.decidedAt!, timeZone, { seconds: true }), row.decidedAt!.toISOString(), row.person],
    ...[row.userId, role(row.role!), row.unitNames.join(", "), say(`decisions.${row.decision!}`)],
    ...[row.decidedBy, row.decidedById!],
  ]);
  return head(decisionColumns.map((column) => say(`columns.${column}`))) + stringify(rows, excelCsv);
}
