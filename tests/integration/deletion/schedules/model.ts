/**
 * The expected state of a recording, in whole days from today, without the portal's own date arithmetic. The days are
 * far enough apart for a test that runs over midnight.
 */
export type ModelPolicy = {
  trigger: "call" | "contract_end";
  minimum: number | null;
  period: number;
  /** Counted from the call until a trigger is reported. */ waiting: number | null;
};

export type ModelRecording = {
  name: string;
  id: string;
  keys: string[];
  /** Days since the call. */
  age: number;
  /** Days since the end of the contract, as last reported. */
  ended: number | null;
  /** Days until the legal minimum and the deletion date; negative if they have passed. */
  minimumEnds: number | null;
  needEnds: number;
  /** Its date is doubtful: only retention leaves it alone. */
  isDoubtful: boolean;
  /** The minimum before an approved reduction, which recordings marked for deletion keep. */
  minimumBefore?: number | null;
  holds: Set<string>;
  /** A deletion order includes it. */
  ordered: boolean;
  /** It was ordered while nothing stopped it, and nothing has since: the order must delete it. */
  mustGo: boolean;
  /** An erasure has marked it for deletion. */
  erased: boolean;
  state: "stored" | "deleting" | "deleted";
};

/** The dates of a policy; an existing minimum stays unless a second person approved a reduction. */
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

/** Whether any caller may delete it, and whether retention may. */
export function permitOf(recording: ModelRecording, isUnderChange: boolean): Permit {
  const deletion = recording.holds.size === 0 && (recording.minimumEnds ?? -1) < 0 && !isUnderChange;
  return { deletion, retention: deletion && recording.needEnds < 0 && !recording.isDoubtful };
}
