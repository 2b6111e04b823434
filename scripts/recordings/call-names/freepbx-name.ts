import { normaliseNumber } from "@/lib/recordings/customer-number";
import { channelId, startOfChannel, type CallName } from "@/scripts/recordings/call-names/call-name";

const form = new RegExp(
  String.raw`^(?<kind>in|external|q|rg|g|out|internal|exten|force|ondemand)-` +
    String.raw`(?<called>[^-]+)-(?<caller>[^-]*)-\d{8}-\d{6}-${channelId}$`,
);

/**
 * Reads names of FreePBX ("q-600-11987654321-20261120-140322-1763647402.42"). The start of the call comes from the id
 * of the channel, in UTC: the date in the name is local time. One call may have several recordings, so the kind is
 * part of the id.
 */
export function readFreepbxName(name: string): CallName | null {
  const parts = form.exec(name)?.groups as Record<"kind" | "called" | "caller" | "id" | "epoch", string> | undefined;
  if (!parts) return null;
  const call = { sourceCallId: `${parts.kind}-${parts.id}`, startedAt: startOfChannel(parts.epoch) };
  const from = normaliseNumber(parts.caller);
  switch (parts.kind) {
    case "out":
      return {
        ...call,
        direction: "outbound",
        customerNumber: normaliseNumber(parts.called),
        agent: agentCode(parts.caller),
      };
    case "internal":
      return { ...call, direction: "internal", agent: agentCode(parts.caller) };
    case "q":
    case "rg":
    case "g":
      return { ...call, direction: "inbound", customerNumber: from, queue: parts.called.toLowerCase() };
    case "in":
      return { ...call, direction: "inbound", customerNumber: from };
    case "external":
      // The caller is external, even without a number (withheld).
      return { ...call, direction: "inbound", customerNumber: from, agent: agentCode(parts.called) };
    default:
      return {
        ...call,
        direction: from ? "inbound" : "internal",
        customerNumber: from,
        agent: agentCode(parts.called),
      };
  }
}

/** Returns the extension as the agent's code. Null for a telephone number, which must not become a code. */
function agentCode(text: string): string | null {
  return /^[A-Za-z0-9._]{1,7}$/.test(text) ? text.toLowerCase() : null;
}
