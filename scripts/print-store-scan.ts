import { terminalTime } from "@/lib/core/time";
import type { ScanStatus } from "@/lib/store-scan/read-scan-status";
import type { ScanResult } from "@/lib/store-scan/continue-store-scan";
import { printColumns } from "@/scripts/print-columns";

/** Formats the result of a scan for a terminal. */
export function printStoreScan(result: ScanResult): string {
  if (result.runId === null)
    return result.state === "busy"
      ? "Another process is scanning the stores."
      : "The last scan started less than a day ago.";
  const { state, phase, reason, objectsSeen, recordingsSeen, unchecked, found, resolved } = result;
  const words = {
    running: `stopped before its end (${phase}); the next call continues`,
    finished: "finished",
    failed: "failed",
  }[state];
  const left = unchecked > 0 ? `, ${unchecked} without an answer from the store` : "";
  return [
    `Scan ${words}${reason === null ? "" : `: ${reason}`}.`,
    `${objectsSeen} objects and ${recordingsSeen} recordings checked${left}; ` +
      `${found} new discrepancies, ${resolved} resolved.`,
  ].join("\n");
}

/** Formats the open discrepancies for a terminal. */
export function printScanStatus({ run, lastWholeRunAt, open }: ScanStatus, timeZone: string): string {
  const at = (moment: Date) => terminalTime(moment, timeZone, { seconds: true });
  const lines = [`Last complete scan: ${lastWholeRunAt ? at(lastWholeRunAt) : "none yet"}.`];
  if (run && run.state !== "finished") {
    const reason = run.reason === null ? "" : `, ${run.reason}`;
    lines.push(`Now: ${run.state} (${run.phase})${reason}, since ${at(run.startedAt)}.`);
  }
  if (open.length === 0) return [...lines, "No discrepancy is open."].join("\n");
  const rows = open.map(({ kind, open: count, acknowledged, isSevere }) => [
    kind,
    String(count),
    String(acknowledged),
    isSevere && count > 0 ? "ALARM" : "",
  ]);
  return [...lines, "", printColumns([["discrepancy", "open", "acknowledged", ""], ...rows])].join("\n");
}
