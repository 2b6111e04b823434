import type { ExportTree } from "@/lib/audit/export/section-check";
import type { ExportReport } from "@/lib/audit/export/verify-export";
import type { WitnessReport } from "@/lib/audit/verify/cosignature-check";
import type { Finding } from "@/lib/audit/verify/finding";
import type { VerificationReport } from "@/lib/audit/verify/verify-audit-log";
import type { VerifiedReport } from "@/lib/compliance/reports/report-statement";

const verdicts = {
  whole: "INTACT: every sealed event is unchanged.",
  broken: "BROKEN: the log differs from what was sealed.",
  unchecked: "NOT VERIFIED: no problem was found, but not everything could be verified.",
  nothing_to_verify: "NOTHING TO VERIFY: there is no seal. This does not prove that the log is whole.",
};

const findingsPrinted = 50;

/** Formats a report for a terminal. */
export function printReport(report: VerificationReport): string {
  const { verdict, events, seals, firstSeal, lastSeal, anchoredSeals, unsealed, durationMs, findings, findingCount } =
    report;
  const shown = findings.slice(0, findingsPrinted).map(printFinding);
  return [
    verdicts[verdict],
    `  ${events} sealed events in ${seals} seals${seals > 0 ? ` (${firstSeal} to ${lastSeal})` : ""}, ` +
      `${anchoredSeals} of them anchored; ${unsealed} events are waiting for their seal.`,
    ...report.witnesses.map(printWitness),
    ...printTimeStamps(report.timestamps),
    `  ${(durationMs / 1000).toFixed(1)} s.`,
    ...shown,
    ...(findingCount > shown.length ? [`  … and ${findingCount - shown.length} more; --json lists up to 1000.`] : []),
  ].join("\n");
}

function printWitness({ witness, isConfigured, cosignatures, oldest, newest }: WitnessReport): string {
  const about = isConfigured ? "" : " (not configured: proves nothing)";
  if (!newest || !oldest) return `  Witness ${witness}${about}: no cosignature.`;
  return (
    `  Witness ${witness}${about}: ${cosignatures} cosignatures, from seal ${oldest.seal} (${oldest.at}) ` +
    `to seal ${newest.seal} (${newest.size} leaves, ${newest.at}).`
  );
}

function printTimeStamps(report: VerificationReport["timestamps"]): string[] {
  if (!report?.newest || !report.oldest) return [];
  const { count, oldest, newest, isTrusted } = report;
  const about = isTrusted ? "" : " (their authority was not checked: AUDIT_TIMESTAMP_CA is not set)";
  return [
    `  ${count} time stamps${about}, from seal ${oldest.seal} (${oldest.at}) to seal ${newest.seal} (${newest.at}).`,
  ];
}

function printFinding({ code, seal, position, eventId, writerId, act, detail }: Finding): string {
  const where = [
    seal !== undefined && `seal ${seal}`,
    position !== undefined && `position ${position}`,
    eventId !== undefined && `event ${eventId}`,
    writerId !== undefined && `writer ${writerId}`,
    act !== undefined && `${act.kind} ${act.id}`,
  ].filter(Boolean);
  return `  - ${code}${where.length > 0 ? ` (${where.join(", ")})` : ""}: ${detail}`;
}

export function printExportReport({
  verdict,
  scope,
  events,
  seals,
  firstSeal,
  lastSeal,
  trees,
  sealsWithoutTree,
  problems,
}: ExportReport): string {
  const contents = `${events} events in ${seals} seals${seals > 0 ? ` (${firstSeal} to ${lastSeal})` : ""}`;
  const kind =
    scope === "selection"
      ? "Selected events: each is authentic; others may be missing."
      : "Whole batches: no event between the first and the last seal is missing.";
  const verdictTexts: Record<ExportReport["verdict"], string> = {
    whole: `INTACT: ${contents}. ${kind}`,
    broken: `BROKEN: ${contents}.`,
    foreign_key: `FOREIGN KEY: ${contents}, signed with a key that was not given. This proves nothing.`,
    nothing_to_verify: "NOTHING TO VERIFY: the export holds no event. This does not prove that there was none.",
  };
  return [
    verdictTexts[verdict],
    ...(verdict === "whole" ? trees.map(printTree) : []),
    ...(verdict === "whole" && sealsWithoutTree > 0
      ? [`  ${sealsWithoutTree} of the seals have no tree: the chain of seals proves their events.`]
      : []),
    ...problems.map(({ line, detail }) => `  - line ${line}: ${detail}`),
  ].join("\n");
}

/** Its checkpoint, to be compared with one that was kept elsewhere. */
function printTree({ checkpoint, firstSeal, lastSeal, events }: ExportTree): string {
  return (
    `  ${events} events (seals ${firstSeal} to ${lastSeal}) are in the tree of ${checkpoint.size} leaves and root ` +
    `${checkpoint.root}, ${checkpoint.origin}.`
  );
}

export function printReportFiles({ holds, report, problems }: VerifiedReport): string {
  const failed = problems.map((problem) => `  - ${problem}`);
  if (!report) return ["INVALID: this is not the statement of a report.", ...failed].join("\n");
  const head = `report ${report.number} of ${report.controller}, ${report.from} to ${report.to}`;
  if (!holds) return [`INVALID: ${head}. Do not rely on it.`, ...failed].join("\n");
  return [
    `VALID: ${head}`,
    ...report.files.map(({ name, sha256 }) => `  ok  ${name}: SHA-256 ${sha256}`),
    `Issued ${report.issuedAt}. The log of the period was then: ${report.verdict}.`,
  ].join("\n");
}
