import type { TimeProblem } from "@/scripts/recordings/manifest/manifest-time";

/** Why a whole manifest is refused: the value was damaged at the export, or other values may be read wrongly too. */
export type Refusal = "exponent" | "number" | NonNullable<TimeProblem["refusal"]>;
/** `fileLine`: the line of the file, with its header; in a JSON array, the number of the entry. */
export type Refused = { refusal: Refusal; field: string; fileLine: number };

const identifiers = [
  ...(["sourceCallId", "sourceRecordingId", "customerNumber", "agent", "queue", "unit"] as const),
  ...(["protocol", "customerReference", "customerTaxId"] as const),
] as const;
type Identifiers = Partial<Record<(typeof identifiers)[number], string | null>>;

/** A value whose digits a spreadsheet lost when it took it for a number. */
export function damagedField(entry: Identifiers): { refusal: Refusal; field: string } | null {
  const field = (form: RegExp) => identifiers.find((name) => form.test(entry[name] ?? ""));
  const rounded = field(/^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i);
  if (rounded) return { refusal: "exponent", field: rounded };
  return /^\d{9,10},\d+$/.test(entry.sourceCallId ?? "") ? { refusal: "number", field: "sourceCallId" } : null;
}

/** Takes away what a spreadsheet adds to digits: "1042,0", and "'" before a text. */
export function withoutZeros<Entry extends Identifiers>(entry: Entry): Entry {
  const texts = identifiers.flatMap((name) => {
    const text = entry[name];
    return text ? [[name, text.replace(/^'(?=[\d+])/, "").replace(/^(\+?\d+),0+$/, "$1")]] : [];
  });
  return { ...entry, ...Object.fromEntries(texts) };
}
