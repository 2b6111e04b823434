import { lastDayUntil, terminalTime } from "@/lib/core/time";
import type { RunWait } from "@/lib/db/schema/retention";
import type { WaitingDeletions } from "@/lib/deletion/waiting-deletions";
import type { RetentionRunResult } from "@/lib/deletion/runs/finish-retention-run";
import type { RetentionPreview } from "@/lib/retention/preview-retention";
import { printColumns } from "@/scripts/print-columns";

/** Formats a preview for a terminal: one line for each recording, then the totals of each policy. */
export function printPreview(
  { recordings, nextCursor, totals, waitingForChange, doubtfulDate, blocked }: RetentionPreview,
  waiting: WaitingDeletions,
  timeZone: string,
): string {
  const at = (moment: Date) => terminalTime(moment, timeZone);
  const total = totals.reduce((sum, policy) => sum + policy.recordings, 0);
  const lines = [`${total} ${total === 1 ? "recording" : "recordings"} would be deleted now (times in ${timeZone}).`];
  if (recordings.length > 0) {
    const rows = recordings.map(({ recordingId, unit, queue, startedAt, retainUntil, policy }) => [
      recordingId,
      unit.code,
      queue ?? "-",
      at(startedAt),
      lastDayUntil(retainUntil, timeZone),
      `${policy.name} (version ${policy.version})`,
    ]);
    lines.push("", printColumns([["recording", "unit", "queue", "call", "kept until (inclusive)", "policy"], ...rows]));
    if (nextCursor) lines.push(`... and ${total - recordings.length} more.`);
    const sums = totals.map(({ name, recordings: count, sizeBytes }) => [
      name,
      String(count),
      `${(sizeBytes / 1e6).toFixed(1)} MB`,
    ]);
    lines.push("", printColumns([["policy", "recordings", "size"], ...sums]));
  }
  if (waitingForChange > 0)
    lines.push(
      "",
      `${waitingForChange} more wait until the change of their policy has been applied to all its recordings.`,
    );
  if (doubtfulDate > 0)
    lines.push(
      "",
      `${doubtfulDate} more are past their date but are kept: it is doubtful, and nobody has confirmed it.`,
    );
  if (blocked > 0) lines.push("", `${blocked} more are past their date but are kept: their processing is suspended.`);
  if (waiting.total > 0) {
    const rows = waiting.recordings.map(({ recordingId, unit, deletingAt, reason, until }) => [
      ...[recordingId, unit, at(deletingAt), words[reason], until ? at(until) : "-"],
    ]);
    lines.push("", `${waiting.total} in deletion wait:`);
    lines.push(printColumns([["recording", "unit", "since", "why", "until"], ...rows]));
    if (waiting.total > rows.length) lines.push(`... and ${waiting.total - rows.length} more.`);
  }
  return lines.join("\n");
}

/** Why a recording that is to go is still there. */
const words: Record<RunWait["reason"], string> = {
  store_failed: "a store did not delete it; it is tried again",
  upload_link: "an upload link was open; bytes could still arrive",
  copy_being_stored: "a copy of it may be being stored",
  legal_hold: "a legal hold keeps it",
  next_run: "its turn comes with the next run",
  policy_change: "a change of its policy has not reached it",
  not_reached: "this run ended before it",
};

/** Formats the result of a run for a terminal, with why anything is left. */
export function printRun(
  {
    runId,
    state,
    due,
    marked,
    deleted,
    failed,
    held,
    doubtfulDate,
    blocked,
    remaining,
    waiting,
    durationMs,
  }: RetentionRunResult,
  timeZone: string,
): string {
  const seconds = (durationMs / 1000).toFixed(1);
  const counts = [
    `${due} due`,
    `${marked} marked`,
    `${deleted} deleted`,
    `${failed} failed`,
    `${held} held`,
    `${doubtfulDate} with a doubtful date`,
    ...(blocked > 0 ? [`${blocked} blocked`] : []),
    `${remaining} remaining`,
  ];
  const at = (until: string) => ` (until ${terminalTime(new Date(until), timeZone)} at the latest)`;
  const why = waiting.map(
    ({ reason, recordings, until }) => `  ${recordings} left: ${words[reason]}${until ? at(until) : ""}`,
  );
  const ended = `Run ${runId} ${state.replaceAll("_", " ")} after ${seconds} s: ${counts.join(", ")}.`;
  return [ended, ...why, ...(why.length > 0 ? [`  (times in ${timeZone})`] : [])].join("\n");
}
