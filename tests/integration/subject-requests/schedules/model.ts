import type { AudioForm, DecisionMeasure, ProcessState, RequestRight } from "@/lib/db/schema/subject-request-words";

/** What must be so of one schedule, in whole days from today, without the portal's own arithmetic. */
export type ModelPolicy = { minimum: number | null; period: number };

export type ModelRecording = {
  name: string;
  id: string;
  keys: string[];
  /** Of the files in the stores, by key. */
  digests: Map<string, string>;
  startedAt: string;
  /** Days since the call. */
  age: number;
  /** Days until the legal minimum and the deletion date; negative if they have passed. */
  minimumEnds: number | null;
  needEnds: number;
  /** Of somebody who asks for nothing: no decision names it. */
  isOther: boolean;
  holds: Set<string>;
  state: "stored" | "deleting" | "deleted";
  isBlocked: boolean;
  /** The DPO has lifted a block of it. */
  wasLifted: boolean;
};

export type ModelDecision = { measure: DecisionMeasure; audioForm: AudioForm | null };

export type ModelRight = {
  processId: string;
  right: RequestRight;
  state: ProcessState;
  /** By recording; `whole`: the right as a whole. */
  decisions: Map<string, ModelDecision>;
  approvalId: string | null;
};

export type ModelRequest = {
  requestId: string;
  rights: ModelRight[];
  included: Set<string>;
  excluded: Set<string>;
};

/** The dates of a policy. Nobody lowers a legal minimum here. */
export function give(recording: ModelRecording, { minimum, period }: ModelPolicy): void {
  const ends = minimum === null ? null : minimum - recording.age;
  if (ends !== null) recording.minimumEnds = Math.max(ends, recording.minimumEnds ?? ends);
  const need = period - recording.age;
  recording.needEnds = Math.max(need, recording.minimumEnds ?? need);
}

export const isDeletion = (measure: DecisionMeasure) => ["delete", "delete_later", "anonymise"].includes(measure);

/** What was decided of these counts: approved where it needs a second person. */
const inForce: readonly ProcessState[] = ["executing", "answered", "closed"];

/** What the rights in force decided of a recording. */
export const decidedOf = (requests: readonly ModelRequest[], recordingId: string): ModelDecision[] =>
  requests.flatMap(({ rights }) =>
    rights.filter(({ state }) => inForce.includes(state)).flatMap(({ decisions }) => decisions.get(recordingId) ?? []),
  );

/** What stood before or after a step. In between any of them may have held with any other. */
export type Permit = {
  /** Nothing that stops every deletion. */
  isFree: boolean;
  isDue: boolean;
  isUnblocked: boolean;
  /** A request deletes it, or blocks it. */
  isNamed: boolean;
  isToBlock: boolean;
};

export const isKept = ({ holds, minimumEnds }: ModelRecording) => holds.size > 0 || (minimumEnds ?? -1) >= 0;

export function permitOf(
  recording: ModelRecording,
  { requests, isUnderChange }: { requests: readonly ModelRequest[]; isUnderChange: boolean },
): Permit {
  const measures = decidedOf(requests, recording.id).map(({ measure }) => measure);
  return {
    isFree: !isKept(recording) && !isUnderChange,
    isDue: recording.needEnds < 0,
    isUnblocked: !recording.isBlocked,
    isNamed: measures.some(isDeletion),
    isToBlock: measures.includes("block"),
  };
}

/** Why a recording may go, if what some of these permits say held at once. */
export const mayGo = (permits: readonly Permit[]) => {
  const has = (fact: keyof Permit) => permits.some((permit) => permit[fact]);
  return {
    retention_expired: has("isFree") && has("isDue") && has("isUnblocked"),
    erasure: has("isFree") && has("isNamed"),
  };
};
