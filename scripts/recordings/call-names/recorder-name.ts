import { sideOf, type CallDefaults, type CallName } from "@/scripts/recordings/call-names/call-name";
import { asWritten, callParties, extension } from "@/scripts/recordings/call-names/call-parties";
import { localTime } from "@/scripts/recordings/call-names/local-time";

type Groups = Record<"start", string> & Partial<Record<"side" | "caller" | "called" | "answered" | "number", string>>;
type Form = {
  expression: RegExp;
  dates: string;
  facts?: (groups: Groups, defaults: CallDefaults) => Partial<CallName>;
};

/** Forms of recorders that give no id. Two calls of one second have "_2" behind the second: it is another call. */
const forms: Form[] = [
  { expression: /^(?<start>\d{14})(?:_\d+)?$/, dates: "yyyyMMddHHmmss" },
  { expression: /^(?<start>\d{4}-\d\d-\d\d[-_]\d{6})(?:_\d+)?$/, dates: "yyyy-MM-dd-HHmmss" },
  {
    expression:
      /^(?<start>\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)_(?<caller>[^_]*)_(?<called>[^_()]*)(?:\((?<answered>\d*)\))?$/,
    dates: "yyyy-MM-dd_HH-mm-ss",
    facts: answeredCall,
  },
  {
    expression: /^(?<number>\+?\d{8,15}|)_(?<start>\d{6}_\d{9})$/,
    dates: "yyMMdd_HHmmssSSS",
    facts: ({ number = "" }, { direction }) => (direction === "internal" ? {} : { customerNumber: asWritten(number) }),
  },
  {
    expression: /^dump-(?<start>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)-(?<side>enc|dec)$/,
    dates: "yyyy-MM-dd-HH-mm-ss",
    facts: ({ side }, { direction }) => ({ side: sideOf(side!, direction)! }),
  },
];

/** Reads names of recorders that have the local time and no id of the call (MiaRec, telephones, baresip). */
export function readRecorderName(name: string, defaults: CallDefaults, timeZone: string): CallName | null {
  for (const { expression, dates, facts } of forms) {
    const groups = expression.exec(name)?.groups as Groups | undefined;
    if (!groups) continue;
    const startedAt = localTime(groups.start.replace(/^(\d{4}-\d\d-\d\d)_(?=\d{6}$)/, "$1-"), dates, timeZone);
    const { side = "" } = groups;
    const idFrom = { name: name.slice(0, name.length - side.length), withSize: !side };
    return startedAt && { startedAt, idFrom, ...facts?.(groups, defaults) };
  }
  return null;
}

/** The extension in parentheses answered. */
function answeredCall({ caller = "", called = "", answered }: Groups, { direction }: CallDefaults): Partial<CallName> {
  const facts = callParties({ caller, called: answered || called }, direction);
  return facts.direction === "inbound" && answered ? { ...facts, agent: extension(answered) } : facts;
}
