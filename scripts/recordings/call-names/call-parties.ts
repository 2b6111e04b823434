import { readNumber } from "@/lib/core/numbers/number-reading";
import type { CallName } from "@/scripts/recordings/call-names/call-name";
import type { CallMetadata } from "@/scripts/recordings/upload-recording";

/** Whether a party is outside the company: it has the digits of a number. Extensions and "anonymous" have not. */
export function isOutside(party: string): boolean {
  const kind = readNumber(party)?.kind;
  return kind === "number" || kind === "not_understood";
}

/** A party as customer's number: the portal reads it by the rules of the unit. Null if the field is empty. */
export const asWritten = (party: string) => party.trim() || null;

/** The code of an extension; null for anything else, above all a telephone number, which must not become a code. */
export const extension = (party: string) => (/^\d{2,6}$/.test(party) ? party : null);

/**
 * Tells customer, agent and direction by which party is outside. `assumed` is the direction if both or none is, as for
 * a withheld number.
 */
export function callParties(
  { caller, called }: { caller: string; called: string },
  assumed: CallMetadata["direction"],
): Pick<CallName, "direction" | "customerNumber" | "agent"> {
  const direction = directionOf(caller, called, assumed);
  if (direction === "internal") return { direction, agent: extension(caller) };
  const [customer, agent] = direction === "inbound" ? [caller, called] : [called, caller];
  return { direction, customerNumber: extension(customer) ? null : asWritten(customer), agent: extension(agent) };
}

function directionOf(caller: string, called: string, assumed: CallMetadata["direction"]): CallMetadata["direction"] {
  if (isOutside(caller) && isOutside(called)) return assumed;
  if (isOutside(caller)) return "inbound";
  if (isOutside(called)) return "outbound";
  return extension(caller) && extension(called) ? "internal" : assumed;
}
