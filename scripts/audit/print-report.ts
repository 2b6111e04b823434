import type { ExportReport } from "@/lib/audit/export/verify-export";
import type { Finding } from "@/lib/audit/verify/finding";
import type { VerificationReport } from "@/lib/audit/verify/verify-audit-log";

const verdicts = {
  whole: "WHOLE: every sealed event is as it was written.",
  broken: "BROKEN: the log is not what was sealed.",
  unchecked: "NOT CHECKED: nothing wrong was found, but not everything could be checked.",
};

const findingsPrinted = 50;

/** A report for the terminal; English, as all commands. */
export function printReport(report: VerificationReport): string {
  const { verdict, events, seals, firstSeal, lastSeal, anchoredSeals, unsealed, durationMs, findings, findingCount } =
    report;
  const shown = findings.slice(0, findingsPrinted).map(printFinding);
  return [
    verdicts[verdict],
    `  ${events} sealed events in ${seals} seals${seals > 0 ? ` (${firstSeal} to ${lastSeal})` : ""}, ${anchoredSeals} of them anchored; ${unsealed} events wait for their seal.`,
    `  ${(durationMs / 1000).toFixed(1)} s.`,
    ...shown,
    ...(findingCount > shown.length ? [`  … and ${findingCount - shown.length} more; --json lists up to 1000.`] : []),
  ].join("\n");
}

function printFinding({ code, seal, position, eventId, writerId, detail }: Finding): string {
  const where = [
    seal !== undefined && `seal ${seal}`,
    position !== undefined && `place ${position}`,
    eventId !== undefined && `event ${eventId}`,
    writerId !== undefined && `writer ${writerId}`,
  ].filter(Boolean);
  return `  - ${code}${where.length > 0 ? ` (${where.join(", ")})` : ""}: ${detail}`;
}

export function printExportReport({
  isWhole,
  scope,
  events,
  seals,
  firstSeal,
  lastSeal,
  problems,
}: ExportReport): string {
  const contents = `${events} events in ${seals} seals${seals > 0 ? ` (${firstSeal} to ${lastSeal})` : ""}`;
  const kind =
    scope === "selection"
      ? "A selection: each event is genuine; others may have been left out."
      : "Whole batches: nothing between the first and the last seal was left out.";
  return [
    isWhole ? `WHOLE: ${contents}. ${kind}` : `BROKEN: ${contents}.`,
    ...problems.map(({ line, detail }) => `  - line ${line}: ${detail}`),
  ].join("\n");
}
