import type { CallMetadata } from "@/scripts/recordings/upload-recording";

/** What a file's name says of its call. */
export type CallName = Pick<CallMetadata, "sourceCallId"> &
  Partial<Pick<CallMetadata, "unit" | "queue" | "agent" | "direction" | "customerNumber">> & { startedAt: Date };

/** What holds for every file of a folder, unless its name says otherwise. */
export type CallDefaults = {
  source: string;
  unit: string | null;
  queue: string | null;
  direction: CallMetadata["direction"];
};

/** Reads a name without its folder and extension; null when it is of another form. */
export type CallNameReader = (name: string, defaults: CallDefaults) => CallName | null;

/**
 * Asterisk's id of a channel: perhaps the system's name, then the second in which the call came in (UTC) and a
 * counter.
 */
export const channelId = String.raw`(?<id>(?:\w+-)?(?<epoch>\d{9,10})\.\d+)`;

export function startOfChannel(epoch: string): Date {
  return new Date(Number(epoch) * 1000);
}
