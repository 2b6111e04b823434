import { readAsteriskName } from "@/scripts/recordings/call-names/asterisk-name";
import type { CallNameReader } from "@/scripts/recordings/call-names/call-name";
import { readFreepbxName } from "@/scripts/recordings/call-names/freepbx-name";
import { nameTemplate } from "@/scripts/recordings/call-names/name-template";
import { readRecorderName } from "@/scripts/recordings/call-names/recorder-name";

type BuiltInReader = (...parameters: [...Parameters<CallNameReader>, timeZone: string]) => ReturnType<CallNameReader>;

const known: Record<string, BuiltInReader> = {
  auto: (name, defaults, timeZone) =>
    readFreepbxName(name, defaults) ?? readAsteriskName(name, defaults) ?? readRecorderName(name, defaults, timeZone),
  freepbx: readFreepbxName,
  asterisk: readAsteriskName,
  recorder: readRecorderName,
};

/**
 * Returns the reader of names of a form: `auto`, `freepbx`, `asterisk`, `recorder`, or a template. It reads a path
 * without its extension; only a template with "/" reads more than its last part.
 * @param timeZone IANA zone of the dates in templates and in names of recorders.
 * @throws Error if a template is invalid; its message explains why.
 */
export function callNameReader(form: string, timeZone: string): CallNameReader {
  const read = known[form];
  if (!read) return nameTemplate(form, timeZone);
  return (path, defaults) => read(path.slice(path.lastIndexOf("/") + 1), defaults, timeZone);
}
