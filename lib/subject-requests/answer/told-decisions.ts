import type { ReadDatabase } from "@/lib/db/client";
import type { DecisionMeasure } from "@/lib/db/schema/subject-request-words";
import { custodyFacts, keptBy, keptUntil, type CustodyFacts } from "@/lib/subject-requests/deciding/custody-facts";
import { isDeleting } from "@/lib/subject-requests/deciding/measures";
import { rightOutcome, type RightOutcome } from "@/lib/subject-requests/deciding/right-outcome";
import type { Decision } from "@/lib/subject-requests/decision-rows";
import type { Process } from "@/lib/subject-requests/process-steps";
import type { RefusalCode } from "@/lib/subject-requests/refusals";

/** A decision, and what stands about its recording now. `custody` is null for a right as a whole. */
export type ToldDecision = Decision & { custody: CustodyFacts | null };

/** A right that is answered, with what is decided of it. */
export type AnsweredRight = { process: Process; decisions: readonly ToldDecision[] };

/** Reads the custody facts: a letter says what is so when it is written, which may be long after the decision. */
export async function toldDecisions(db: ReadDatabase, decisions: readonly Decision[]): Promise<ToldDecision[]> {
  const ids = [...new Set(decisions.flatMap(({ recordingId }) => recordingId ?? []))];
  const facts = ids.length === 0 ? new Map<string, CustodyFacts>() : await custodyFacts(db, ids);
  return decisions.map((decision) => ({ ...decision, custody: facts.get(decision.recordingId ?? "") ?? null }));
}

/** Whether a letter can say how a decision ended: it is done, or a legal hold or minimum keeps the recording. */
export function isSettled({ measure, doneAt, custody }: ToldDecision): boolean {
  if (doneAt !== null) return true;
  return isDeleting(measure) && custody !== null && custody.state === "stored" && keptBy(custody) !== null;
}

/** What a letter says of a decision, but for words and the number of the recording. */
export type Told = {
  measure: DecisionMeasure;
  audioForm: Decision["audioForm"];
  ground: RefusalCode | null;
  keptUntil: string | null;
  /** Of a deletion, when the recording was deleted. */
  doneAt: Date | null;
  /** Something else keeps it than the decision says. */
  isStopped: boolean;
  /** When a recording that the decision keeps was deleted for another reason. */
  goneAt: Date | null;
  /** Whether one that the decision keeps is being deleted for another reason. */
  isGoing: boolean;
  /** Whether the DPO lifted the block. */
  isLifted: boolean;
};

export function told(decision: ToldDecision): Told {
  const { measure, custody } = decision;
  const waits = isDeleting(measure) && decision.doneAt === null;
  const isStopped = waits && !(measure === "delete_later" && custody !== null && decision.ground === keptBy(custody));
  const goneAt = measure === "keep" && custody?.state === "deleted" ? custody.deletedAt : null;
  const isStored = custody?.state === "stored";
  const isAudible = isStored && custody.blockedAt === null && custody.quarantine !== "quarantined";
  const doneAt = isDeleting(measure) && decision.doneAt ? (custody?.deletedAt ?? decision.doneAt) : decision.doneAt;
  return {
    ...{ measure, doneAt, isStopped, goneAt },
    isGoing: measure === "keep" && custody?.state === "deleting",
    audioForm: isAudible ? decision.audioForm : null,
    ground: isStopped ? null : (decision.ground as RefusalCode | null),
    keptUntil: isStored && (waits || measure === "keep") ? keptUntil(waits ? "delete_later" : measure, custody) : null,
    isLifted: measure === "block" && isStored && custody.blockedAt === null,
  };
}

/** How a right ends as things stand now: what waits is granted later, also if nobody knew when it was decided. */
export function toldOutcome(decisions: readonly ToldDecision[]): RightOutcome {
  const items = decisions.map((decision) => {
    const { measure, ground, keptUntil: until, doneAt } = told(decision);
    const now = isDeleting(measure) ? (doneAt === null ? ("delete_later" as const) : ("delete" as const)) : measure;
    return { recordingId: decision.recordingId, measure: now, ground, keptUntil: until };
  });
  return rightOutcome(items);
}
