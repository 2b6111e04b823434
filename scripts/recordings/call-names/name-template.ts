import { tz } from "@date-fns/tz";
import { isValid } from "date-fns/isValid";
import { parse } from "date-fns/parse";
import { normaliseNumber } from "@/lib/recordings/customer-number";
import type { CallName, CallNameReader } from "@/scripts/recordings/call-names/call-name";
import type { CallMetadata } from "@/scripts/recordings/upload-recording";

const fields = [
  "sourceCallId",
  "unit",
  "queue",
  "agent",
  "customerNumber",
  "direction",
  "startedAt",
  "ignore",
] as const;
type Field = (typeof fields)[number];

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
 * `{ignore}` skips a part. Dates use the letters of date-fns (y M d H m s; `t` is seconds since 1970), in `timeZone`.
 * @throws Error if the form is invalid; its message explains why.
 */
export function nameTemplate(template: string, timeZone: string): CallNameReader {
  const { expression, parts, dateForm } = compile(template);
  return (name) => {
    const values = expression.exec(name)?.slice(1);
    if (!values) return null;
    const found = Object.fromEntries(parts.map((part, index) => [part, values[index]!])) as Partial<
      Record<Field, string>
    >;
    const startedAt = parse(found.startedAt!, dateForm, new Date(0), { in: tz(timeZone) });
    if (!isValid(startedAt)) return null;
    return { ...described(found), startedAt: new Date(startedAt.getTime()) };
  };
}

function described(found: Partial<Record<Field, string>>): Omit<CallName, "startedAt"> {
  const { sourceCallId, unit, queue, agent, customerNumber, direction } = found;
  return {
    sourceCallId: sourceCallId!,
    ...(unit === undefined ? {} : { unit }),
    ...(queue === undefined ? {} : { queue }),
    ...(agent === undefined ? {} : { agent }),
    ...(customerNumber === undefined ? {} : { customerNumber: normaliseNumber(customerNumber) }),
    ...(direction === undefined ? {} : { direction: directions[direction.toLowerCase()] }),
  };
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
    if (field !== "startedAt") return "(.+?)";
    dateForm = form;
    return `(${dateExpression(form)})`;
  });
  if (!parts.includes("sourceCallId")) throw new Error("The form must have {sourceCallId}, which identifies the call.");
  if (!parts.includes("startedAt")) throw new Error(startedAtNeeded);
  return { expression: new RegExp(`^${source.join("")}$`), parts, dateForm };
}

/** Each run of one letter stands for as many digits. */
function dateExpression(form: string): string {
  if (form === "") throw new Error(startedAtNeeded);
  if (!/[yt]/.test(form) || /[A-Za-z]/.test(form.replace(/[yMdHmst]/g, "")))
    throw new Error("Write {startedAt:…} with y, M, d, H, m, s, or t.");
  return form
    .split(/([yMdHmst]+)/)
    .map((run, index) =>
      index % 2 === 0 ? escaped(run) : run.startsWith("t") ? String.raw`\d+` : String.raw`\d{${run.length}}`,
    )
    .join("");
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
