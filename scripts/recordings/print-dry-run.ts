import path from "node:path";
import { terminalTime } from "@/lib/core/time";
import { readable } from "@/scripts/recordings/file-paths";
import type { ImportResult, Outcome } from "@/scripts/recordings/import-entry";
import type { CallMetadata } from "@/scripts/recordings/upload-recording";
import { printColumns } from "@/scripts/print-columns";

export type DryRunOptions = {
  folder: string;
  timeZone: string;
  /** How many entries the table shows; the counts are of all. */
  rows: number;
};

const headings = [
  ...["file", "started", "direction", "number", "agent", "queue", "unit", "call", "recording"],
  ...["references", "note"],
];
const rowsAtOnce = 50;
const problemsShown = 20;

/** `add` takes the results one by one; `end` prints the counts, and returns whether all files would be sent. */
export type DryRunTable = { add: (result: ImportResult) => void; end: () => boolean };

/**
 * Prints what an import or a watch would say of each file. Keeps some rows in memory only. The table shows numbers
 * whole: its reader sees the file names anyway.
 */
export function dryRunTable(options: DryRunOptions, print: (text: string) => void): DryRunTable {
  const counts = { read: 0, unread: 0, inbound: 0, outbound: 0, internal: 0, withoutNumber: 0 };
  const others = { waiting: 0, not_taken: 0, excluded: 0, already_stored: 0, already_deleted: 0 };
  const problems = new Map<string, number>();
  let [seen, rows]: [number, string[][]] = [0, []];
  const flush = () => {
    if (rows.length > 0) print(printColumns([headings, ...rows]));
    rows = [];
  };
  const add = (result: ImportResult) => {
    const { outcome, call, problem = "" } = result;
    if ((seen += 1) <= options.rows && rows.push(rowOf(result, options)) === rowsAtOnce) flush();
    if (call) {
      counts.read += 1;
      counts[call.direction] += 1;
      counts.withoutNumber += call.customerNumber ? 0 : 1;
    } else if (outcome in others) others[outcome as keyof typeof others] += 1;
    else {
      counts.unread += 1;
      const isShown = problems.has(problem) || problems.size < problemsShown;
      if (isShown) problems.set(problem, (problems.get(problem) ?? 0) + 1);
    }
  };
  const end = () => {
    flush();
    const { read, unread, inbound, outbound, internal, withoutNumber } = counts;
    if (seen > options.rows) print(`… and ${seen - options.rows} more (--rows ${seen}).`);
    print(
      `${read} understood (${inbound} inbound, ${outbound} outbound, ${internal} internal; ` +
        `${withoutNumber} without number), ${unread} not. Nothing was uploaded.`,
    );
    const { waiting, not_taken, excluded, already_stored, already_deleted } = others;
    if (seen > read + unread)
      print(
        `${waiting} waiting, ${not_taken} not taken, ${excluded} excluded, ${already_stored} stored before, ` +
          `${already_deleted} deleted before.`,
      );
    for (const [problem, count] of problems) print(`  ${count} x ${problem}`);
    return unread + waiting + not_taken === 0;
  };
  return { add, end };
}

const words: Partial<Record<Outcome, string>> = {
  failed: "not understood",
  waiting: "waiting",
  not_taken: "not taken",
  excluded: "excluded",
  already_stored: "stored before",
  already_deleted: "deleted before",
};

function rowOf(
  { line, file: found, outcome, call, problem, note = "" }: ImportResult,
  { folder, timeZone }: DryRunOptions,
): string[] {
  const file = found
    ? readable(path.isAbsolute(found) ? path.relative(path.resolve(folder), found) : found)
    : `entry ${line}`;
  const reason = problem ?? note;
  if (!call)
    return [file, ...headings.slice(2).map(() => ""), `${words[outcome]}${reason === "" ? "" : `: ${reason}`}`];
  const started = terminalTime(new Date(call.startedAt), timeZone, { seconds: true });
  const { direction, customerNumber, agent, queue, unit, sourceCallId, sourceRecordingId, recordingLabel } = call;
  const facts = [customerNumber, agent, queue, unit, sourceCallId, sourceRecordingId ?? recordingLabel];
  return [file, started, direction, ...[...facts, referencesOf(call)].map((fact) => fact ?? "-"), note];
}

/**
 * Protocol, reference, CPF or CNPJ and the handling, each with its word: "protocol 000123, reference C-77". Null if
 * there is none.
 */
function referencesOf(call: CallMetadata): string | null {
  const named = Object.entries({
    ...{ protocol: call.protocol, reference: call.customerReference, "CPF/CNPJ": call.customerTaxId },
    ...{ announcement: call.announcementPlayed, version: call.announcementVersion },
    ...{ sensitive: call.sensitiveContent, "card data": call.cardDataHandling },
    quarantined: call.possibleCardData && "yes",
  });
  return named.flatMap(([word, value]) => (value ? [`${word} ${value}`] : [])).join(", ") || null;
}
