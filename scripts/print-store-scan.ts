import type { DriftStatus } from "@/lib/store-scan/read-scan-status";
import type { DriftResult } from "@/lib/store-scan/run-store-scan";
import { printColumns } from "@/scripts/print-columns";

/** What a round did, for the terminal. */
export function printDriftRun(result: DriftResult): string {
  if (result.runId === null)
    return result.state === "busy"
      ? "Another process is at the reconciliation."
      : "The last reconciliation is not a day old.";
  const { state, phase, reason, objectsSeen, recordingsSeen, unchecked, found, resolved } = result;
  const words = {
    running: `stopped in the middle (${phase}); the next call goes on`,
    finished: "finished",
    failed: "failed",
  }[state];
  const left = unchecked > 0 ? `, ${unchecked} that the store could not say anything about` : "";
  return `Reconciliation ${words}${reason === null ? "" : `: ${reason}`}.\n${objectsSeen} objects and ${recordingsSeen} recordings looked at${left}; ${found} new findings, ${resolved} no longer true.`;
}

/** What is open, for the terminal. */
export function printDriftStatus({ run, lastWholeRunAt, open }: DriftStatus): string {
  const lines = [`Last whole reconciliation: ${lastWholeRunAt?.toISOString() ?? "none yet"}.`];
  if (run && run.state !== "finished")
    lines.push(
      `Now: ${run.state} (${run.phase})${run.reason === null ? "" : `, ${run.reason}`}, since ${run.startedAt.toISOString()}.`,
    );
  if (open.length === 0) return [...lines, "No difference is open."].join("\n");
  const rows = open.map(({ kind, open: count, acknowledged, isSevere }) => [
    kind,
    String(count),
    String(acknowledged),
    isSevere && count > 0 ? "ALARM" : "",
  ]);
  return [...lines, "", printColumns([["difference", "open", "acknowledged", ""], ...rows])].join("\n");
}
