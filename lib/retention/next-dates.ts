import type { RecordingDates } from "@/lib/retention/recording-dates";

type Floor = Pick<RecordingDates, "minimumPolicyId" | "minimumPolicyVersion" | "minimumUntil">;

/**
 * The dates that a stored recording gets of those that its policies now give: a legal minimum that it has already moves to an
 * earlier date only where a second person approved it.
 */
export function nextDates(current: Floor, computed: RecordingDates, lowersMinimum: boolean): RecordingDates {
  const { minimumPolicyId, minimumPolicyVersion, minimumUntil } = current;
  if (
    lowersMinimum ||
    minimumUntil === null ||
    (computed.minimumUntil !== null && computed.minimumUntil >= minimumUntil)
  )
    return computed;
  const kept = { ...computed, minimumPolicyId, minimumPolicyVersion, minimumUntil };
  if (computed.retainUntil >= minimumUntil) return kept;
  return {
    ...kept,
    retainUntil: minimumUntil,
    retentionPolicyId: minimumPolicyId!,
    retentionPolicyVersion: minimumPolicyVersion!,
  };
}
