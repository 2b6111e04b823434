import type { RetentionFacts } from "@/lib/retention/policies/policy-match";
import {
  policiesFor,
  recordingDates,
  type ActivePolicy,
  type DatedCall,
  type RecordingDates,
} from "@/lib/retention/recording-dates";
import { localDay } from "@/lib/core/time";

type MinimumDates = Pick<RecordingDates, "minimumPolicyId" | "minimumPolicyVersion" | "minimumUntil">;

export type DatedRecording = RetentionFacts & DatedCall;

/**
 * `recordingDates` for many recordings: computes once for each combination of policy criteria and local trigger days,
 * because nothing else affects the dates.
 */
export function datesCalculator(
  policies: readonly ActivePolicy[],
  timeZone: string,
): (recording: DatedRecording) => RecordingDates | null {
  const found = new Map<string, RecordingDates | null>();
  const counting = new Map<string, ActivePolicy[]>();
  return (recording) => {
    const { unitId, queueId, direction, callKind, startedAt, triggers } = recording;
    const facts = JSON.stringify([unitId, queueId, direction, callKind]);
    const reported = Object.entries(triggers).map(([kind, at]) => [
      kind,
      localDay(at > startedAt ? at : startedAt, timeZone),
    ]);
    const key = `${facts} ${localDay(startedAt, timeZone)} ${reported.sort().join()}`;
    const known = found.get(key);
    if (known !== undefined) return known;
    const counted = counting.get(facts) ?? policiesFor(policies, recording);
    counting.set(facts, counted);
    const dates = recordingDates(counted, recording, timeZone);
    found.set(key, dates);
    return dates;
  };
}

/**
 * The new dates of a stored recording, from the dates that its policies now give. Its legal minimum moves to an earlier
 * date only with a second person's approval.
 */
export function nextDates(current: MinimumDates, computed: RecordingDates, lowersMinimum: boolean): RecordingDates {
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
