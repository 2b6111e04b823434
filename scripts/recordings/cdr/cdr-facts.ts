import { asWritten, extension, isOutside } from "@/scripts/recordings/call-names/call-parties";
import type { CallMetadata } from "@/scripts/recordings/upload-recording";
import { recordingName, type CdrQuestion, type CdrRow } from "@/scripts/recordings/cdr/cdr";

/** What the records tell of one recording. `root`: the name and channel of the first recording of its call. */
export type CdrFacts = Partial<Pick<CallMetadata, "direction" | "customerNumber" | "agent" | "agentName" | "queue">> & {
  root: { name: string; channel: string } | null;
};

/**
 * Reads the records of a call for one of its recordings: agent and queue from its own leg, which after a transfer is
 * another than the call's first; the customer's number from any. Null without a record.
 */
export function cdrFacts(records: readonly CdrRow[], question: CdrQuestion): CdrFacts | null {
  const rows = [...records].sort(byTime);
  const own = ownRows(rows, question);
  const main = own.find((row) => row.disposition === "ANSWERED" && row.dstchannel) ?? own[0];
  if (!main) return null;
  const direction = directionOf(own, main);
  const agent = direction === "inbound" ? peerOf(main.dstchannel) : (peerOf(main.channel) ?? extension(main.src ?? ""));
  const agentName = agent && (direction === "inbound" ? main.dst_cnam : main.cnam);
  return {
    ...(direction ? { direction } : {}),
    customerNumber: direction ? customerOf([...own, ...rows], direction) : null,
    agent,
    agentName: agentName || null,
    queue: firstOf(own, queueOf) ?? firstOf(rows, queueOf),
    root: rootOf(rows),
  };
}

const byTime = (one: CdrRow, other: CdrRow) =>
  (one.calldate ?? "").localeCompare(other.calldate ?? "") || Number(one.sequence ?? 0) - Number(other.sequence ?? 0);

function ownRows(rows: readonly CdrRow[], { name, channel }: CdrQuestion): readonly CdrRow[] {
  const named = rows.filter((row) => recordingName(row) === name);
  if (named.length > 0) return named;
  const ofChannel = rows.filter((row) => channel !== null && row.uniqueid === channel);
  return ofChannel.length > 0 ? ofChannel : rows;
}

function directionOf(own: readonly CdrRow[], main: CdrRow): CallMetadata["direction"] | undefined {
  if (own.some((row) => row.did)) return "inbound";
  if (own.some((row) => row.outbound_cnum)) return "outbound";
  if (!peerOf(main.channel) && peerOf(main.dstchannel)) return "inbound";
  if (own.some((row) => isOutside(row.src ?? "") && !peerOf(row.channel))) return "inbound";
  if (own.some((row) => isOutside(row.dst ?? ""))) return "outbound";
  return peerOf(main.channel) && extension(main.dst ?? "") ? "internal" : undefined;
}

/** The first number of any leg; without one, what the recording's own leg has ("anonymous"). */
function customerOf(rows: readonly CdrRow[], direction: CallMetadata["direction"]): string | null {
  if (direction === "internal") return null;
  const parties = rows.map((row) => (direction === "inbound" ? row.src : row.dst) ?? "");
  return asWritten(parties.find(isOutside) ?? parties.find((party) => !extension(party)) ?? "");
}

/** The extension of a channel: "PJSIP/1042-0000002a", "Local/1042@from-queue-00000001;1", "Agent/1042". */
const peerOf = (channel = "") => extension(/^[A-Za-z0-9]+\/(\d+)(?=[-@]|$)/.exec(channel)?.[1] ?? "");

function queueOf({ lastapp, lastdata = "", dcontext, dst }: CdrRow): string | null {
  if (lastapp === "Queue") return lastdata.split(",")[0]!.toLowerCase() || null;
  return dcontext === "ext-queues" || dcontext === "ext-group" ? extension(dst ?? "") : null;
}

/** The first leg that was recorded names the call, so that all its legs get one id. */
function rootOf(rows: readonly CdrRow[]): CdrFacts["root"] {
  const recorded = rows.filter((row) => recordingName(row));
  const root = recorded.find((row) => row.uniqueid === row.linkedid) ?? recorded[0];
  if (root) return { name: recordingName(root), channel: root.linkedid || root.uniqueid || "" };
  const linked = rows.find((row) => row.linkedid)?.linkedid;
  return linked ? { name: "", channel: linked } : null;
}

function firstOf<Value>(rows: readonly CdrRow[], read: (row: CdrRow) => Value | null): Value | null {
  for (const row of rows) {
    const value = read(row);
    if (value !== null) return value;
  }
  return null;
}
