import type { CallMetadata } from "@/scripts/recordings/upload-recording";

/** The party whose voice a recording of one side has; `in` and `out` when nobody can tell (an internal call). */
export type Side = "agent" | "customer" | "in" | "out";

/**
 * The facts of a call in a file's name. A name without `sourceCallId` has `idFrom`, of which one is made: its name
 * without side and part, which the recordings of one call share, and unless it can have these, the size of the file.
 */
export type CallName = Partial<
  Pick<
    CallMetadata,
    | ("sourceCallId" | "unit" | "queue" | "agent" | "agentName" | "direction" | "callKind" | "customerNumber")
    | ("protocol" | "customerReference" | "customerTaxId")
    | ("announcementPlayed" | "announcementVersion" | "sensitiveContent" | "cardDataHandling")
    | "possibleCardData"
  >
> & {
  startedAt: Date;
  /** Asterisk's id of the channel. */
  channel?: string;
  side?: Side;
  part?: number;
  idFrom?: { name: string; withSize: boolean };
};

/** The facts of all calls of a folder whose file names do not have them. */
export type CallDefaults = {
  source: string;
  unit: string | null;
  queue: string | null;
  direction: CallMetadata["direction"];
};

/** Reads a path without its extension; returns null for a name of another form. */
export type CallNameReader = (name: string, defaults: CallDefaults) => CallName | null;

/**
 * What stands behind Asterisk's id of a channel: the side that Monitor() or MixMonitor() recorded, and the second at
 * which ConfBridge began to record.
 */
export const behindChannel = String.raw`(?:-(?<side>in|out|rx|tx|r|t))?(?:-(?<since>\d{10}))?`;

/** Asterisk's id of a channel: optionally the system's name, then the start of the call (UTC seconds), a counter. */
export const channelId = String.raw`(?<id>(?:(?<system>\w[\w.-]*)-)?(?<epoch>\d{9,10})\.\d+)${behindChannel}`;

export type ChannelParts = { id: string; epoch: string; side?: string; since?: string };

/** The id and the start of a recording whose name ends with a channel id. `prefix` is part of the call's id. */
export function ofChannel(
  { id, epoch, side, since }: ChannelParts,
  direction: CallMetadata["direction"],
  prefix = "",
): CallName {
  return {
    sourceCallId: prefix + id,
    channel: id,
    startedAt: new Date(Number(since ?? epoch) * 1000),
    ...(side === undefined ? {} : { side: sideOf(side, direction)! }),
  };
}

const received = ["in", "r", "rx"];
const sent = ["out", "t", "tx"];

/**
 * The party of a side as recorders name it. Asterisk's "in" is the voice of the channel in the name, its caller: the
 * customer of an inbound call. A softphone encodes ("enc") its own voice, the agent's.
 */
export function sideOf(word: string, direction: CallMetadata["direction"]): Side | null {
  const side = word.toLowerCase();
  if (side === "agent" || side === "enc") return "agent";
  if (side === "customer" || side === "dec") return "customer";
  if (!received.includes(side) && !sent.includes(side)) return null;
  if (direction === "internal") return received.includes(side) ? "in" : "out";
  return received.includes(side) === (direction === "inbound") ? "customer" : "agent";
}
