import { lastDayUntil, terminalTime } from "@/lib/core/time";
import type { DeletionOrderPreview, DeletionSample } from "@/lib/deletion/orders/preview-deletion-order";
import type { DeletionOrderProgress } from "@/lib/deletion/orders/read-deletion-order";

/** Formats a preview for a terminal: what would be deleted, a sample of it, and what would be kept and why. */
export function printDeletionOrderPreview(preview: DeletionOrderPreview, timeZone: string): string {
  const at = (moment: Date | null) => (moment ? terminalTime(moment, timeZone) : "-");
  const until = (moment: Date) => `${lastDayUntil(moment, timeZone)}, inclusive`;
  const row = ({ recordingId, unit, queue, startedAt }: DeletionSample) =>
    `  ${recordingId}  ${at(startedAt)}  ${unit}${queue === null ? "" : ` / ${queue}`}`;
  const {
    recordings,
    calls: callCount,
    partlyKept,
    sizeBytes,
    oldest,
    newest,
    byUnit,
    sample,
    held,
    underMinimum,
    blocked,
    underChange,
    minimumUntil,
    keptSample,
  } = preview;
  const ofCalls = `of ${callCount} ${callCount === 1 ? "call" : "calls"}`;
  const calls = recordings > 0 ? `, ${ofCalls} from ${at(oldest)} to ${at(newest)} (times in ${timeZone})` : "";
  const lines = [`${counted(recordings)} (${megabytes(sizeBytes)}) would be deleted${calls}.`];
  for (const unit of byUnit) lines.push(`  ${unit.unit}: ${counted(unit.recordings)}, ${megabytes(unit.sizeBytes)}`);
  if (partlyKept > 0)
    lines.push(`  ${partlyKept} of the calls ${partlyKept === 1 ? "has" : "have"} other recordings, which stay.`);
  if (sample.length > 0) lines.push("", "Oldest recordings:", ...sample.map(row));
  const kept = held + underMinimum + blocked + underChange;
  if (kept > 0)
    lines.push(
      "",
      `${counted(kept)} of the selection would not be deleted: ${held} under a legal hold, ` +
        `${underMinimum} within the legal minimum${minimumUntil ? ` (the last until ${until(minimumUntil)})` : ""}, ` +
        `${blocked} blocked, ${underChange} whose policy is being changed.`,
    );
  const reasons = {
    held: () => "legal hold",
    minimum: (last: Date | null) => `legal minimum until ${last ? until(last) : "-"}`,
    blocked: () => "blocked",
    change: () => "policy being changed",
  };
  lines.push(...keptSample.map((sampled) => `${row(sampled)}  ${reasons[sampled.reason](sampled.minimumUntil)}`));
  return lines.join("\n");
}

/** Formats the result of a deletion order for a terminal. */
export function printDeletionOrder({ orderId, marked, kept, deleted, failed, waiting }: DeletionOrderProgress): string {
  const lines = [`Order ${orderId}: ${marked} marked, ${deleted} deleted, ${failed} failed, ${waiting} waiting.`];
  if (kept > 0) lines.push(`A legal hold kept ${counted(kept)} of them.`);
  if (failed > 0)
    lines.push("A store did not delete the failed recordings. Nobody can play them, and the retention job retries.");
  if (waiting > 0)
    lines.push(
      "The waiting recordings have a recent upload link; the retention job deletes them once that link has expired.",
    );
  return lines.join("\n");
}

/** Says when an order that the person interrupted continues, and what they can do until then. */
export function printInterruption({ orderId, expected, deleted }: DeletionOrderProgress, page: string): string {
  return [
    `You interrupted order ${orderId}: ${deleted} of ${counted(expected)} deleted.`,
    `A portal continues it in an hour. Follow it at ${page}.`,
    `To continue it now: npm run deletion-orders -- --continue ${orderId}`,
    "To keep recordings that are not deleted yet, place a legal hold on them before then.",
  ].join("\n");
}

const counted = (count: number) => `${count} ${count === 1 ? "recording" : "recordings"}`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
