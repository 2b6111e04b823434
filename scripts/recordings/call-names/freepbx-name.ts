import {
  channelId,
  ofChannel,
  type CallDefaults,
  type CallName,
  type ChannelParts,
} from "@/scripts/recordings/call-names/call-name";
import { asWritten, callParties, extension, isOutside } from "@/scripts/recordings/call-names/call-parties";
import type { CallMetadata } from "@/scripts/recordings/upload-recording";

type Direction = CallMetadata["direction"];

/** Kinds whose name is part of the call's id, as it always was. Legs of one call with other kinds do not meet. */
const kindsOfOldIds = "in|external|q|rg|g|out|internal|exten|force|ondemand";
const dated = String.raw`(?<date>\d{8})-(?<time>\d{6})-${channelId}`;
const form = new RegExp(`^(?<kind>${kindsOfOldIds}|generic)-(?<called>[^-]*)-(?<caller>[^-]*)-${dated}$`);
const conference = new RegExp(`^(?:(?:conf|page)-(?:[^-]*)-[^-]*|(?<room>[^-]+)-\\k<room>)-${dated}$`);
const older = new RegExp(`^(?<kind>q|rg|g|in|out|exten)(?<party>\\d+)-${dated}$`, "i");

type Parts = ChannelParts & { kind: string; called: string; caller: string };

/**
 * Reads names of FreePBX and Issabel ("q-600-11987654321-20261120-140322-1795194202.42": kind, called, caller, local
 * time, channel). The start of the call comes from the id of the channel, in UTC: the date in the name is local time.
 */
export function readFreepbxName(name: string, { direction }: CallDefaults): CallName | null {
  const parts = form.exec(name)?.groups as Parts | undefined;
  if (parts) return readParties(parts, direction);
  const room = conference.exec(name)?.groups as ChannelParts | undefined;
  if (room) return { ...ofChannel(room, "internal"), direction: "internal" };
  const old = older.exec(name)?.groups as (ChannelParts & { kind: string; party: string }) | undefined;
  return old ? readOlder(old, direction) : null;
}

function readParties(parts: Parts, assumed: Direction): CallName {
  const { kind, called, caller } = parts;
  const facts = factsOf(kind, called, caller, assumed);
  return { ...ofChannel(parts, facts.direction, kind === "generic" ? "" : `${kind}-`), ...facts };
}

function factsOf(kind: string, called: string, caller: string, assumed: Direction) {
  switch (kind) {
    // An outbound route writes the outside number first.
    case "out":
    case "force":
      return isOutside(caller) && !isOutside(called) && kind === "force"
        ? ofExtension(kind, called, caller, assumed)
        : { direction: "outbound" as const, customerNumber: asWritten(called), agent: agentCode(caller) };
    case "internal":
      return { direction: "internal" as const, agent: agentCode(caller) };
    case "q":
    case "rg":
    case "g":
      return {
        direction: "inbound" as const,
        customerNumber: asWritten(caller),
        queue: called.toLowerCase() || null,
      };
    case "in":
      return { direction: "inbound" as const, customerNumber: asWritten(caller) };
    default:
      return ofExtension(kind, called, caller, assumed);
  }
}

/** Kinds in which either party may be outside. The caller of `external` is, even without a number (withheld). */
function ofExtension(kind: string, called: string, caller: string, assumed: Direction) {
  const likely = kind === "generic" ? assumed : kind === "external" || isOutside(caller) ? "inbound" : "internal";
  const parties = callParties({ caller, called }, likely);
  const direction = kind === "external" && parties.direction === "internal" ? "inbound" : parties.direction!;
  const agent = agentCode(direction === "outbound" ? caller : called);
  return { direction, customerNumber: parties.customerNumber ?? null, agent };
}

/** Names before the caller stood in them: "q600-…", "OUT1042-…". */
function readOlder(parts: ChannelParts & { kind: string; party: string }, assumed: Direction): CallName {
  const kind = parts.kind.toLowerCase();
  const direction = kind === "out" ? "outbound" : kind === "exten" ? assumed : "inbound";
  const isQueue = ["q", "rg", "g"].includes(kind);
  const facts = isQueue ? { queue: parts.party } : { agent: extension(parts.party) };
  return { ...ofChannel(parts, direction), direction, ...facts };
}

/** Returns the extension as the agent's code. Null for a telephone number, which must not become a code. */
function agentCode(text: string): string | null {
  return /^[A-Za-z0-9._]{1,7}$/.test(text) ? text.toLowerCase() : null;
}
