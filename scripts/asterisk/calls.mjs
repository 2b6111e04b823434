import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The extensions of the phone system; each records in a format of its own. */
export const formatsOfExtensions = { 1041: "wav", 1042: "WAV", 1043: "gsm", 1044: "alaw", 1045: "ogg" };

/**
 * Ten calls: each extension is called once, and calls once. The last digit of the outside number makes each of another
 * length.
 */
export const callsToMake = Object.keys(formatsOfExtensions).flatMap((extension, index) => [
  { from: `1194000123${index}`, to: extension },
  { from: extension, to: `1194000567${index + 1}` },
]);

/**
 * Has an Asterisk call the phone system as the caller, and send a tone until the other side hangs up. It reads call
 * files once they are complete.
 */
export function placeCall(outgoing, { from, to }) {
  const file = path.join(outgoing, "..", `${from}-${to}.call`);
  const lines = [
    `Channel: PJSIP/${to}@system`,
    `CallerID: "${from}" <${from}>`,
    "Application: Milliwatt",
    "WaitTime: 30",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  renameSync(file, path.join(outgoing, path.basename(file)));
}
