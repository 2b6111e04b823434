import { CannotStart } from "@/scripts/recordings/cannot-start";
import type { Refusal } from "@/scripts/recordings/manifest/spreadsheet-damage";
import type { ManifestEntry, ManifestProblem } from "@/scripts/recordings/read-manifest";

const shownLines = 10;

const remedies: Record<Refusal, string> = {
  exponent:
    "a spreadsheet rounded the number (5,51194E+12) and its last digits are lost. " +
    "Format the column as text where the digits are whole, and export again.",
  number:
    "a spreadsheet made a number of the id (1795194202,1), which may have lost a zero. " +
    "Format the column as text where the ids are whole, and export again.",
  no_zone:
    "the times have no zone. Add the zone of the phone system's clock, such as --time-zone America/Sao_Paulo, " +
    "or write 2026-11-20T14:03:22-03:00.",
  month_first:
    "there is no such month: day/month/year is read, so the other dates would be wrong too. " +
    "Export the dates as 2026-11-20 14:03:22.",
  date_number: "a spreadsheet wrote a number for the date. Format the column as a date with time, and export again.",
};

/**
 * Reads a manifest to its end before anything is uploaded, and returns how many entries it has.
 * @throws CannotStart if values were damaged at the export or can be read in two ways: one message, with the lines.
 */
export async function checkManifest(entries: AsyncIterable<ManifestEntry | ManifestProblem>): Promise<number> {
  const found = new Map<string, { refusal: Refusal; field: string; lines: number[]; count: number }>();
  let total = 0;
  for await (const entry of entries) {
    total += 1;
    if (!("problem" in entry) || !entry.refused) continue;
    const { refusal, field, fileLine } = entry.refused;
    const group = found.get(`${refusal} ${field}`) ?? { refusal, field, lines: [], count: 0 };
    group.count += 1;
    if (group.lines.length < shownLines) group.lines.push(fileLine);
    found.set(`${refusal} ${field}`, group);
  }
  if (found.size === 0) return total;
  const reasons = [...found.values()].map(({ refusal, field, lines, count }) => {
    const more = count > lines.length ? ` and ${count - lines.length} more` : "";
    return `  ${field} on line ${lines.join(", ")}${more}: ${remedies[refusal]}`;
  });
  throw new CannotStart(`The manifest is refused; nothing was uploaded.\n${reasons.join("\n")}`);
}
