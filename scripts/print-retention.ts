import { TZDate } from "@date-fns/tz";
import { format } from "date-fns/format";
import type { RetentionRunResult } from "@/lib/deletion/runs/finish-retention-run";
import type { RetentionPreview } from "@/lib/retention/preview-retention";
import { printColumns } from "@/scripts/print-columns";

/** Formats a preview for a terminal: one line for each recording, then the totals of each policy. */
export function printPreview(
  { recordings, nextCursor, totals, waitingForChange, doubtfulDate, blocked }: RetentionPreview,
  timeZone: string,
): string {
  const at = (moment: Date) => format(new TZDate(moment.getTime(), timeZone), "yyyy-MM-dd HH:mm");
  const total = totals.reduce((sum, policy) => sum + policy.recordings, 0);
  const lines = [`${total} ${total === 1 ? "recording" : "recordings"} would be deleted now (times in ${timeZone}).`];
  if (recordings.length > 0) {
    const rows = recordings.map(({ recordingId, unit, queue, startedAt, retainUntil, policy }) => [
      recordingId,
      unit.code,
      queue ?? "-",
      at(startedAt),
      at(retainUntil),
      `${policy.name} (version ${policy.version})`,
    ]);
    lines.push("", printColumns([["recording", "unit", "queue", "call", "kept until", "policy"], ...rows]));
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
  return lines.join("\n");
}

/** Formats the result of a run for a terminal. */
export function printRun({
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
  durationMs,
}: RetentionRunResult): string {
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
  return `Run ${runId} ${state.replaceAll("_", " ")} after ${seconds} s: ${counts.join(", ")}.`;
}
