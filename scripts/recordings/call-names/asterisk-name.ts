import {
  behindChannel,
  channelId,
  ofChannel,
  type CallDefaults,
  type CallName,
  type ChannelParts,
} from "@/scripts/recordings/call-names/call-name";
import { asWritten, callParties, extension, isOutside } from "@/scripts/recordings/call-names/call-parties";

const dated = String.raw`(?<date>\d{8})-(?<time>\d{6})`;
const withParties = new RegExp(`^${dated}-(?<caller>[^-]*)-(?<called>[^-]*)-${channelId}$`);
const withDate = new RegExp(`^${dated}-${channelId}$`);
const ofTwo = new RegExp(`^(?<first>[^-]+)-(?<second>[^-]+)-${dated}-${channelId}$`);
const withCaller = new RegExp(String.raw`^(?<caller>\+?\w*)-(?<id>(?<epoch>\d{9,10})\.\d+)${behindChannel}$`);
const idAlone = new RegExp(`^${channelId}$`);
type Parts = ChannelParts & { caller: string; called: string; first: string; second: string; system?: string };

/**
 * Reads common names of Asterisk's MixMonitor: `${UNIQUEID}`, also behind a date or a caller, or
 * `${STRFTIME(…,%Y%m%d-%H%M%S)}-${CALLERID(num)}-${EXTEN}-${UNIQUEID}`. A number beside an extension tells the
 * direction; two numbers do not: the defaults of the folder do.
 */
export function readAsteriskName(name: string, { direction }: CallDefaults): CallName | null {
  const groupsOf = (form: RegExp) => form.exec(name)?.groups as Parts | undefined;
  const parties = groupsOf(withParties);
  if (parties) return withFacts(parties, { ...callParties(parties, direction) }, direction);
  const date = groupsOf(withDate);
  if (date) return ofChannel(date, direction);
  const two = groupsOf(ofTwo);
  if (two) return readTwo(two, direction);
  const caller = groupsOf(withCaller);
  if (caller && (caller.caller === "" || (isOutside(caller.caller) && !aDate.test(caller.caller))))
    return { ...ofChannel(caller, direction), ...(direction === "internal" ? {} : withNumber(caller.caller)) };
  const alone = groupsOf(idAlone);
  return alone && isSystem(alone.system) ? ofChannel(alone, direction) : null;
}

const kinds = /^(?:in|external|q|rg|g|out|internal|exten|force|ondemand|generic|conf|page)-/;

/** Whether this may be the name of a system: one word, or words with a letter that look like no other name's parts. */
const isSystem = (name = "x") =>
  /^\w+$/.test(name) || (/[A-Za-z]/.test(name) && !/\d{8}/.test(name) && !kinds.test(`${name}-`));

const aDate = /^20\d{6}$/;

const withNumber = (caller: string) => ({ customerNumber: asWritten(caller) });

function withFacts(parts: Parts, facts: Partial<CallName>, assumed: CallDefaults["direction"]): CallName {
  return { ...ofChannel(parts, facts.direction ?? assumed), ...facts };
}

/** Two parties without a word for who called: a name only if one is an extension and the other a telephone number. */
function readTwo(parts: Parts, direction: CallDefaults["direction"]): CallName | null {
  const { first, second } = parts;
  const agent = extension(first) ?? extension(second);
  const customer = [first, second].find(isOutside);
  if (!agent || !customer || direction === "internal") return null;
  return { ...ofChannel(parts, direction), agent, ...withNumber(customer) };
}
