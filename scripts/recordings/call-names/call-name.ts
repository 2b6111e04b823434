import type { CallMetadata } from "@/scripts/recordings/upload-recording";

/** The facts of a call in a file's name. */
export type CallName = Pick<CallMetadata, "sourceCallId"> &
  Partial<Pick<CallMetadata, "unit" | "queue" | "agent" | "direction" | "customerNumber">> & { startedAt: Date };

/** The facts of all calls of a folder whose file names do not have them. */
export type CallDefaults = {
  source: string;
  unit: string | null;
  queue: string | null;
  direction: CallMetadata["direction"];
};

/** Reads a name without folder and extension; returns null for a name of another form. */
export type CallNameReader = (name: string, defaults: CallDefaults) => CallName | null;

/** Asterisk's id of a channel: optionally the system's name, then the start of the call (UTC seconds), a counter. */
export const channelId = String.raw`(?<id>(?:\w+-)?(?<epoch>\d{9,10})\.\d+)`;

export function startOfChannel(epoch: string): Date {
  return new Date(Number(epoch) * 1000);
}
