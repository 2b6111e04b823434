import { inOrderOfCall, recordingLabel } from "@/lib/recordings/recording-label";

/** Why a part of a call is not heard. */
export type PartProblem =
  | "not_stored"
  | "deleting"
  | "quarantined"
  | "blocked"
  | "empty"
  | "preparing"
  | "no_transcoder"
  | "failed";

/** A recording of a call, as far as the order of playing needs it. */
export type PlacedRecording = {
  id: string;
  startedAt: Date;
  sourceRecordingId: string;
  /** Null while nobody has measured it. */
  durationMs: number | null;
  channels: number | null;
  problem: PartProblem | null;
};

/** What plays at one time: a recording, or both sides of the call, the agent first. */
export type PartRecordings<Recording> = [Recording] | [agent: Recording, customer: Recording];

/** Names of files have seconds: starts no further apart are one, and so short an overlap is none. */
const sameStartMs = 1000;

/**
 * The parts of a call in order. Two sides are one part if both can be played, are mono, overlap, and no third recording
 * could be one of them.
 */
export function callParts<Recording extends PlacedRecording>(recordings: readonly Recording[]) {
  const ordered = recordings.toSorted(inOrderOfCall);
  return ordered.flatMap((recording, index): PartRecordings<Recording>[] => {
    const other = otherSide(recording, ordered);
    if (!other) return [[recording]];
    // The pair is where its first side is.
    if (ordered.indexOf(other) < index) return [];
    return labelOf(recording).side === "agent" ? [[recording, other]] : [[other, recording]];
  });
}

const labelOf = ({ sourceRecordingId }: PlacedRecording) => recordingLabel(sourceRecordingId);

/** When each of two sides begins, counted from the first. */
export function startsOnTimeLine([left, right]: readonly [Started, Started]): [number, number] {
  const apartMs = right.startedAt.getTime() - left.startedAt.getTime();
  if (Math.abs(apartMs) <= sameStartMs) return [0, 0];
  return apartMs > 0 ? [0, apartMs] : [-apartMs, 0];
}

type Started = Pick<PlacedRecording, "startedAt">;

/** The one recording that has the other side of this one, if neither overlaps a third one that has a side. */
function otherSide<Recording extends PlacedRecording>(
  recording: Recording,
  ofCall: readonly Recording[],
): Recording | null {
  const { side } = labelOf(recording);
  if (side === null) return null;
  const withOverlap = (of: Recording) => ofCall.filter((one) => one.id !== of.id && overlap(one, of));
  const [other, ...more] = withOverlap(recording);
  if (!other || more.length > 0 || labelOf(other).side === side || withOverlap(other).length > 1) return null;
  return [recording, other].every(({ channels, problem }) => channels === 1 && problem === null) ? other : null;
}

/** Whether two sides of one part were recorded at one time. */
function overlap(left: PlacedRecording, right: PlacedRecording): boolean {
  const [leftLabel, rightLabel] = [labelOf(left), labelOf(right)];
  if (leftLabel.side === null || rightLabel.side === null || leftLabel.part !== rightLabel.part) return false;
  const [leftMs, rightMs] = [left.startedAt.getTime(), right.startedAt.getTime()];
  const firstEndMs = Math.min(leftMs + (left.durationMs ?? 0), rightMs + (right.durationMs ?? 0));
  return Math.abs(leftMs - rightMs) <= sameStartMs || firstEndMs - Math.max(leftMs, rightMs) > sameStartMs;
}
