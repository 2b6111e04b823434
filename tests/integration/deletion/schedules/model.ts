/**
 * What must become of a recording, told in whole days from today and with none of the portal's own arithmetic. Days
 * are chosen so far apart that a test that runs over midnight sees the same.
 */
export type ModelPolicy = {
  trigger: "call" | "contract_end";
  minimum: number | null;
  period: number;
  /** From the call, while nothing is reported. */ waiting: number | null;
};

export type ModelRecording = {
  name: string;
  id: string;
  keys: string[];
  /** Days since the call. */
  age: number;
  /** Days since the end of the contract, as it was reported last. */
  ended: number | null;
  /** Days until the legal minimum and the need are over; negative: they are. */
  minimumEnds: number | null;
  needEnds: number;
  /** Stored less than seven days ago: retention, and it alone, leaves it alone. */
  isNew: boolean;
  /** What the minimum was before a second person let it be lowered: what is marked for deletion keeps it. */
  minimumBefore?: number | null;
  holds: Set<string>;
  /** Somebody gave a deletion order of it. */
  ordered: boolean;
  /** It was ordered when nothing forbade it, and nothing has since: the order must reach it. */
  mustGo: boolean;
  /** An erasure has marked it. */
  erased: boolean;
  state: "stored" | "deleting" | "deleted";
};

/** The dates that a policy gives; what the recording has of a minimum stays, unless a second person agreed. */
export function give(recording: ModelRecording, policy: ModelPolicy, lowersMinimum = false): void {
  const reported = policy.trigger === "call" ? recording.age : recording.ended;
  const from = Math.min(reported ?? recording.age, recording.age);
  const minimum = policy.minimum === null ? null : policy.minimum - from;
  if (lowersMinimum) recording.minimumBefore = recording.minimumEnds;
  const kept = lowersMinimum ? null : recording.minimumEnds;
  recording.minimumEnds = minimum === null || kept === null ? (minimum ?? kept) : Math.max(minimum, kept);
  const need = (reported === null ? policy.waiting! : policy.period) - from;
  recording.needEnds = Math.max(need, recording.minimumEnds ?? need);
}

export type Permit = { deletion: boolean; retention: boolean };

/** Whether anything may delete it, and whether retention may. */
export function permitOf(recording: ModelRecording, isUnderChange: boolean): Permit {
  const deletion = recording.holds.size === 0 && (recording.minimumEnds ?? -1) < 0 && !isUnderChange;
  return { deletion, retention: deletion && recording.needEnds < 0 && !recording.isNew };
}
