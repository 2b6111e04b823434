import { env } from "@/lib/core/env";
import {
  messageTemplates,
  type MessageTemplate,
  type VariableKind,
} from "@/lib/notifications/templates/message-templates";

const longestValue = 300;

/**
 * Checks the values of a message: exactly those that its template declares, each of one line.
 * @throws Error that names the variable, never its value: the caller is wrong, not the person.
 */
export function checkData(template: MessageTemplate, data: Readonly<Record<string, string>>): void {
  const declared: Record<string, VariableKind> = messageTemplates[template].variables;
  for (const name of Object.keys(data))
    if (!Object.hasOwn(declared, name)) throw new Error(`template ${template} has no variable "${name}"`);
  for (const [name, kind] of Object.entries(declared)) {
    const value = data[name];
    if (value === undefined || !isGood(value, kind)) throw new Error(`template ${template}: "${name}" is not valid`);
  }
}

function isGood(value: string, kind: VariableKind): boolean {
  if (value === "" || value.length > longestValue || /\p{Cc}/u.test(value)) return false;
  if (kind === "code") return /^[0-9A-Za-z-]{1,40}$/.test(value);
  if (kind === "link") return /#[\w-]{43}$/.test(value) && isOwnPage(value.replace(/#.*$/, ""));
  return kind === "text" || isOwnPage(value);
}

/** A page of this portal whose address says nothing: no query and no fragment. */
function isOwnPage(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { origin, search, hash, username } = new URL(value);
  return origin === new URL(env().NEXTAUTH_URL).origin && search + hash + username === "" && !/[?#]/.test(value);
}
