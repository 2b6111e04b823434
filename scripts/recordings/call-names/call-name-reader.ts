import { readAsteriskName } from "@/scripts/recordings/call-names/asterisk-name";
import type { CallNameReader } from "@/scripts/recordings/call-names/call-name";
import { readFreepbxName } from "@/scripts/recordings/call-names/freepbx-name";
import { nameTemplate } from "@/scripts/recordings/call-names/name-template";

const known: Record<string, CallNameReader> = {
  auto: (name, defaults) => readFreepbxName(name) ?? readAsteriskName(name, defaults),
  freepbx: readFreepbxName,
  asterisk: readAsteriskName,
};

/**
 * Returns the reader of names of a form: `auto`, `freepbx`, `asterisk`, or a template.
 * @param timeZone IANA zone of the dates in templates.
 * @throws Error if a template is invalid; its message explains why.
 */
export function callNameReader(form: string, timeZone: string): CallNameReader {
  return known[form] ?? nameTemplate(form, timeZone);
}
