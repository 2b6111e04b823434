import { stat } from "node:fs/promises";
import path from "node:path";
import type { CallDefaults, CallName, CallNameReader } from "@/scripts/recordings/call-names/call-name";
import type { CdrSource } from "@/scripts/recordings/cdr/cdr";
import { cdrFacts, type CdrFacts } from "@/scripts/recordings/cdr/cdr-facts";
import { onDisk } from "@/scripts/recordings/file-paths";

export type CdrJoin = {
  source: CdrSource;
  /** How old a file without a record must be to be sent without one: the phone system writes it at the call's end. */
  waitMs: number;
};

export type JoinedName = { call: CallName; note?: string } | { problem: string; outcome?: "waiting"; mayPass: true };

/**
 * Completes what a name says by the records of its call. The name's own facts stay. The legs of a transfer, whose
 * channels differ, get the id that the name of the call's first recording gives.
 */
export async function joinCdr(
  { source, waitMs }: CdrJoin,
  read: { readName: CallNameReader; name: string; defaults: CallDefaults },
  call: CallName,
  file: string,
): Promise<JoinedName> {
  const name = path.basename(read.name);
  const channel =
    call.channel ?? (/^(?:\S+-)?\d{9,10}\.\d+$/.test(call.sourceCallId ?? "") ? call.sourceCallId! : null);
  try {
    const question = { name, channel, startedAt: call.startedAt };
    const facts = cdrFacts(await source.find(question), question);
    if (facts) return { call: complete(read, call, facts) };
  } catch (error) {
    return { problem: `cdr: cannot be read (${(error as { code?: string }).code ?? "failed"})`, mayPass: true };
  }
  const ageMs = Date.now() - (await stat(onDisk(file))).mtimeMs;
  if (ageMs < waitMs) return { problem: "cdr: has no record of this call yet", outcome: "waiting", mayPass: true };
  return { call, note: "cdr: has no record of this call" };
}

function complete(
  { readName, name, defaults }: { readName: CallNameReader; name: string; defaults: CallDefaults },
  call: CallName,
  { direction, root, ...facts }: CdrFacts,
): CallName {
  // Read again: where the name does not tell the direction, its number and side depend on it.
  const own = direction ? readName(name, { ...defaults, direction })! : call;
  const known = Object.entries(own).filter(([, value]) => value !== null && value !== undefined);
  const found = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined);
  const merged: CallName = { ...own, ...Object.fromEntries([...found, ...known]) };
  // The name of an agent is that of the record's agent only.
  if (merged.agent !== facts.agent && own.agentName === undefined) delete merged.agentName;
  return {
    ...merged,
    direction: own.direction ?? direction,
    ...(root ? idOfCall(readName, defaults, merged, root) : {}),
  };
}

function idOfCall(
  readName: CallNameReader,
  defaults: CallDefaults,
  { sourceCallId, channel }: CallName,
  root: NonNullable<CdrFacts["root"]>,
): Pick<CallName, "sourceCallId"> {
  if (!sourceCallId || !channel) return {};
  const first = root.name ? readName(root.name, defaults)?.sourceCallId : undefined;
  return { sourceCallId: first ?? sourceCallId.replace(channel, root.channel) };
}
