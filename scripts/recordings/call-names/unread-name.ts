import { isOutside } from "@/scripts/recordings/call-names/call-parties";
import { localTime } from "@/scripts/recordings/call-names/local-time";
import { nameTemplate } from "@/scripts/recordings/call-names/name-template";

const dateForms: [RegExp, string][] = [
  [/^\d{4}-\d\d-\d\d[-_ T]\d\d-\d\d-\d\d(?!\d)/, "yyyy-MM-dd-HH-mm-ss"],
  [/^\d{4}-\d\d-\d\d[-_ T]\d{6}(?!\d)/, "yyyy-MM-dd-HHmmss"],
  [/^\d{8}[-_ T]\d{6}(?!\d)/, "yyyyMMdd-HHmmss"],
  [/^\d{14}(?!\d)/, "yyyyMMddHHmmss"],
  [/^\d\d-\d\d-\d{4}[-_ T]\d\d-\d\d-\d\d(?!\d)/, "dd-MM-yyyy-HH-mm-ss"],
  [/^\d{6}[-_ ]\d{9}(?!\d)/, "yyMMdd-HHmmssSSS"],
  [/^\d{6}[-_ ]\d{6}(?!\d)/, "yyMMdd-HHmmss"],
];

type Part = { text: string; field: string; isOdd: boolean };

/**
 * Explains to an operator why no reader took a name: which parts are odd, and the template that would read it. The
 * text has no part of the name: it goes to logs, and names contain telephone numbers.
 */
export function explainUnreadName(name: string, timeZone: string): string {
  if (name.includes("\uFFFD")) return "name: is not UTF-8 text; rename the file";
  const pieces = partsOf(name, timeZone);
  const parts = pieces.filter((piece) => typeof piece !== "string");
  const template = pieces.map((piece) => (typeof piece === "string" ? piece : piece.field)).join("");
  const odd = parts.flatMap((part, index) => (part.isOdd ? [`part ${index + 1} (${describe(part.text)})`] : []));
  const unknown = odd.length > 0 ? `: ${odd.slice(0, 3).join(", ")} ${odd.length > 1 ? "are" : "is"} not known` : "";
  const problem = `name: has another form${unknown}`;
  if (!reads(template, name, timeZone))
    return `${problem}. It has no date with a time; describe the call in a manifest, or use --sidecar`;
  return `${problem}. --names "${template}" would read it: try it with --dry-run`;
}

/** The parts of a name, between the separators that stand between them. */
function partsOf(name: string, timeZone: string): (Part | string)[] {
  const pieces: (Part | string)[] = [];
  const used = new Set<string>();
  for (let rest = name; rest !== "";) {
    const { text, field, isOdd } = nextPart(rest, timeZone, used.has("startedAt"));
    const [kind] = (field ?? "").split(":");
    pieces.push(field === null ? text : { text, field: used.has(kind!) ? "{ignore}" : `{${field}}`, isOdd });
    if (kind !== "ignore") used.add(kind!);
    rest = rest.slice(text.length);
  }
  return pieces;
}

function nextPart(rest: string, timeZone: string, isDated: boolean): Omit<Part, "field"> & { field: string | null } {
  const separator = /^[^\p{L}\p{N}+]+/u.exec(rest)?.[0];
  if (separator) return { text: separator, field: null, isOdd: false };
  const channel = /^(?:[A-Za-z][A-Za-z0-9.]*-)?\d{9,10}\.\d+(?!\d)/.exec(rest)?.[0];
  if (channel) return { text: channel, field: "sourceCallId", isOdd: false };
  for (const [expression, form] of isDated ? [] : dateForms) {
    const text = expression.exec(rest)?.[0];
    const written = text && withSeparatorsOf(text, form);
    if (written && localTime(text, written.replace("T", "'T'"), timeZone))
      return { text, field: `startedAt:${written}`, isOdd: false };
  }
  const text = /^(?:\+?\p{N}+(?!\p{L})|[\p{L}\p{N}+]+)/u.exec(rest)![0];
  if (/^\d{2,6}$/.test(text)) return { text, field: "agent", isOdd: false };
  if (isOutside(text)) return { text, field: "customerNumber", isOdd: false };
  if (/^(?:in|out|int|inbound|outbound|internal)$/i.test(text)) return { text, field: "direction", isOdd: false };
  return { text, field: "ignore", isOdd: true };
}

/** The form of a date with the separators that the name has in their places. */
const withSeparatorsOf = (text: string, form: string) =>
  [...form].map((letter, index) => (letter === "-" ? text[index]! : letter)).join("");

function describe(text: string): string {
  const kind = /^\d+$/.test(text) ? "digit" : /^\p{L}+$/u.test(text) ? "letter" : "character";
  return `${text.length} ${kind}${text.length === 1 ? "" : "s"}`;
}

function reads(template: string, name: string, timeZone: string): boolean {
  try {
    return nameTemplate(template, timeZone)(name, noDefaults) !== null;
  } catch {
    return false;
  }
}

const noDefaults = { source: "", unit: null, queue: null, direction: "inbound" } as const;
