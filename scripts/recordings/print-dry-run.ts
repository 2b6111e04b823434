import path from "node:path";
import { tz } from "@date-fns/tz";
import { format } from "date-fns/format";
import type { ManifestEntry, ManifestProblem } from "@/scripts/recordings/read-manifest";
import { printColumns } from "@/scripts/print-columns";

export type DryRunOptions = {
  folder: string;
  timeZone: string;
  /** How many entries the table shows; the counts are of all. */
  rows: number;
};

const headings = ["file", "started", "direction", "number", "agent", "queue", "unit", "call", "recording", "note"];
const rowsAtOnce = 50;
const problemsShown = 20;

/**
 * Prints what an import would say of each entry, and returns whether all were understood. Reads without keeping more
 * than some rows in memory. The table shows numbers whole: its reader sees the file names anyway.
 */
export async function printDryRun(
  entries: AsyncIterable<ManifestEntry | ManifestProblem>,
  options: DryRunOptions,
  print: (text: string) => void,
): Promise<boolean> {
  const counts = { read: 0, unread: 0, inbound: 0, outbound: 0, internal: 0, withoutNumber: 0 };
  const problems = new Map<string, number>();
  let waiting: string[][] = [];
  const flush = () => {
    if (waiting.length > 0) print(printColumns([headings, ...waiting]));
    waiting = [];
  };
  for await (const entry of entries) {
    if (counts.read + counts.unread < options.rows && waiting.push(rowOf(entry, options)) === rowsAtOnce) flush();
    if ("problem" in entry) {
      counts.unread += 1;
      const isShown = problems.has(entry.problem) || problems.size < problemsShown;
      if (isShown) problems.set(entry.problem, (problems.get(entry.problem) ?? 0) + 1);
    } else {
      counts.read += 1;
      counts[entry.metadata.direction] += 1;
      counts.withoutNumber += entry.metadata.customerNumber ? 0 : 1;
    }
  }
  flush();
  const { read, unread, inbound, outbound, internal, withoutNumber } = counts;
  if (read + unread > options.rows) print(`… and ${read + unread - options.rows} more (--rows ${read + unread}).`);
  print(
    `${read} understood (${inbound} inbound, ${outbound} outbound, ${internal} internal; ` +
      `${withoutNumber} without number), ${unread} not. Nothing was uploaded.`,
  );
  for (const [problem, count] of problems) print(`  ${count} x ${problem}`);
  return unread === 0;
}

function rowOf(entry: ManifestEntry | ManifestProblem, { folder, timeZone }: DryRunOptions): string[] {
  const file = entry.file ? path.relative(folder, entry.file) : `entry ${entry.line}`;
  if ("problem" in entry) return [file, ...headings.slice(2).map(() => ""), `not understood: ${entry.problem}`];
  const { metadata, note = "" } = entry;
  const started = format(new Date(metadata.startedAt), "yyyy-MM-dd HH:mm:ss xxx", { in: tz(timeZone) });
  const { direction, customerNumber, agent, queue, unit, sourceCallId, sourceRecordingId, recordingLabel } = metadata;
  const facts = [customerNumber, agent, queue, unit, sourceCallId, sourceRecordingId ?? recordingLabel];
  return [file, started, direction, ...facts.map((fact) => fact ?? "-"), note];
}
