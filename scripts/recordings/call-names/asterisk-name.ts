import { normaliseNumber } from "@/lib/recordings/customer-number";
import { channelId, startOfChannel, type CallDefaults, type CallName } from "@/scripts/recordings/call-names/call-name";

const idAlone = new RegExp(`^${channelId}$`);
const withParties = new RegExp(String.raw`^\d{8}-\d{6}-(?<caller>[^-]+)-(?<called>[^-]+)-${channelId}$`);

/**
 * Reads common names of Asterisk's MixMonitor: `${UNIQUEID}`, or
 * `${STRFTIME(…,%Y%m%d-%H%M%S)}-${CALLERID(num)}-${EXTEN}-${UNIQUEID}`. They do not have the direction; the defaults
 * of the folder do.
 */
export function readAsteriskName(name: string, { direction }: CallDefaults): CallName | null {
  const parts = (idAlone.exec(name) ?? withParties.exec(name))?.groups as
    | { id: string; epoch: string; caller?: string; called?: string }
    | undefined;
  if (!parts) return null;
  const call = { sourceCallId: parts.id, startedAt: startOfChannel(parts.epoch) };
  if (!parts.caller || !parts.called || direction === "internal") return call;
  return { ...call, customerNumber: normaliseNumber(direction === "inbound" ? parts.caller : parts.called) };
}
