/** Columns of a call detail record that tell something of a recording. Asterisk has some of them, FreePBX all. */
export const cdrColumns = [
  "uniqueid",
  "linkedid",
  "sequence",
  "calldate",
  "src",
  "dst",
  "dcontext",
  "channel",
  "dstchannel",
  "lastapp",
  "lastdata",
  "disposition",
  "userfield",
  "recordingfile",
  "did",
  "cnum",
  "cnam",
  "outbound_cnum",
  "dst_cnam",
] as const;

export type CdrColumn = (typeof cdrColumns)[number];
export type CdrRow = Partial<Record<CdrColumn, string>>;

/** The recording whose records are wanted: its name without folder and extension, Asterisk's id of its channel. */
export type CdrQuestion = { name: string; channel: string | null; startedAt: Date };

/** Records of calls. `find` returns those of the whole call, its transfers included, and no more than `mostRows`. */
export type CdrSource = { find: (question: CdrQuestion) => Promise<CdrRow[]>; close: () => Promise<void> };

export const mostRows = 200;

/** The name of the recording that a record names, without folder and extension; "" if it names none. */
export function recordingName({ recordingfile, userfield = "" }: CdrRow): string {
  const file = recordingfile || /^audio:(.+)/.exec(userfield)?.[1] || "";
  return file.slice(file.lastIndexOf("/") + 1).replace(/\.[A-Za-z0-9]{1,5}$/, "");
}
