import {
  sideOf,
  type CallDefaults,
  type CallName,
  type CallNameReader,
} from "@/scripts/recordings/call-names/call-name";
import { answerFields, readAnswer, readCardDataHandling, readYesOrNo } from "@/scripts/recordings/handling-words";
import { asWritten } from "@/scripts/recordings/call-names/call-parties";
import { localTime } from "@/scripts/recordings/call-names/local-time";
import type { CallMetadata } from "@/scripts/recordings/upload-recording";

const fields = [
  "sourceCallId",
  "unit",
  "queue",
  "agent",
  "agentName",
  "callKind",
  "customerNumber",
  "protocol",
  "customerReference",
  "customerTaxId",
  "announcementPlayed",
  "announcementVersion",
  "sensitiveContent",
  "cardDataHandling",
  "possibleCardData",
  "direction",
  "side",
  "part",
  "startedAt",
  "ignore",
] as const;
type Field = (typeof fields)[number];
type Found = Partial<Record<Field, string>>;

const startedAtNeeded = "The form must have the start of the call, with its format: {startedAt:yyyyMMdd-HHmmss}.";

const directions: Record<string, CallMetadata["direction"]> = {
  in: "inbound",
  inbound: "inbound",
  out: "outbound",
  outbound: "outbound",
  internal: "internal",
  int: "internal",
};

/**
 * Returns a reader of a form such as `{startedAt:yyyyMMdd-HHmmss}_{customerNumber}_{agent}_{sourceCallId}`;
 * `{ignore}` skips a part, and a part may be empty. With "/" it reads the names of folders too. Dates use the letters
 * of date-fns (y M d H m s S; `t` is seconds since 1970), in `timeZone`.
 * @throws Error if the form is invalid; its message explains why.
 */
export function nameTemplate(template: string, timeZone: string): CallNameReader {
  const { expression, parts, dateForm } = compile(template);
  const depth = template.split("/").length;
  return (path, defaults) => {
    const name = path.split("/").slice(-depth).join("/");
    const match = expression.exec(name);
    if (!match) return null;
    const found = Object.fromEntries(parts.map((part, index) => [part, match[index + 1]!])) as Found;
    const startedAt = localTime(found.startedAt!, dateForm, timeZone);
    const facts = startedAt && described(found, defaults);
    if (!facts) return null;
    return { startedAt, ...facts, ...(found.sourceCallId ? {} : { idFrom: withoutParts(match, parts) }) };
  };
}

const texts = [
  ...(["sourceCallId", "unit", "queue", "agent", "agentName", "callKind"] as const),
  ...(["protocol", "customerReference", "customerTaxId", "announcementVersion"] as const),
] as const;

/** The words about the handling of the call; null if one has no meaning. */
function handlingIn(found: Found): Partial<CallName> | null {
  const words = [
    ...answerFields.map((field) => [field, found[field] && readAnswer(found[field])] as const),
    ["cardDataHandling", found.cardDataHandling && readCardDataHandling(found.cardDataHandling)] as const,
  ];
  const mayHaveCard = found.possibleCardData && readYesOrNo(found.possibleCardData);
  if (mayHaveCard === null || words.some(([, word]) => word === null)) return null;
  const said = words.filter(([, word]) => word);
  return { ...Object.fromEntries(said), ...(mayHaveCard === "yes" ? { possibleCardData: true } : {}) };
}

/** Returns null for a direction, side, part or word about the handling that has no meaning. */
function described(found: Found, defaults: CallDefaults): Omit<CallName, "startedAt"> | null {
  const { customerNumber, side, part } = found;
  const direction = found.direction ? directions[found.direction.toLowerCase()] : undefined;
  if (found.direction && !direction) return null;
  const party = side ? sideOf(side, direction ?? defaults.direction) : undefined;
  const handling = handlingIn(found);
  if (party === null || handling === null || (part && !/^\d{1,10}$/.test(part))) return null;
  return {
    ...handling,
    ...Object.fromEntries(texts.flatMap((field) => (found[field] ? [[field, found[field]]] : []))),
    ...(customerNumber === undefined ? {} : { customerNumber: asWritten(customerNumber) }),
    ...(direction ? { direction } : {}),
    ...(party ? { side: party } : {}),
    ...(part ? { part: Number(part) } : {}),
  };
}

/** Side and part differ between the recordings of one call, and so do the sizes of their files. */
function withoutParts(match: RegExpExecArray, parts: Field[]): CallName["idFrom"] {
  const isOfCall = (part: Field) => part !== "side" && part !== "part";
  const values = parts.flatMap((part, index) => (isOfCall(part) ? [match[index + 1]!] : []));
  return { name: values.join(" "), withSize: parts.every(isOfCall) };
}

function compile(template: string): { expression: RegExp; parts: Field[]; dateForm: string } {
  const parts: Field[] = [];
  let dateForm = "";
  const source = template.split(/(\{[^}]*\})/).map((piece, index) => {
    if (index % 2 === 0) return escaped(piece);
    const [field, form = ""] = piece.slice(1, -1).split(/:(.*)/s) as [Field, string?];
    if (!fields.includes(field)) throw new Error(`{${field}} is not a field of a name: use ${fields.join(", ")}.`);
    if (field !== "ignore" && parts.includes(field)) throw new Error(`{${field}} appears twice.`);
    parts.push(field);
    if (field !== "startedAt") return "([^/]*?)";
    dateForm = form.replaceAll("T", "'T'");
    return `(${dateExpression(form)})`;
  });
  if (!parts.includes("startedAt")) throw new Error(startedAtNeeded);
  return { expression: new RegExp(`^${source.join("")}$`), parts, dateForm };
}

/** Each run of one letter stands for as many digits. */
function dateExpression(form: string): string {
  if (form === "") throw new Error(startedAtNeeded);
  if (!/[yt]/.test(form) || /[A-Za-z]/.test(form.replace(/[yMdHmsStT]/g, "")))
    throw new Error("Write {startedAt:…} with y, M, d, H, m, s, S, or t.");
  return form
    .split(/([yMdHmsSt]+)/)
    .map((run, index) =>
      index % 2 === 0 ? escaped(run) : run.startsWith("t") ? String.raw`\d+` : String.raw`\d{${run.length}}`,
    )
    .join("");
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
