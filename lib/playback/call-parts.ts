import { inOrderOfCall, recordingLabel } from "@/lib/recordings/recording-label";

/** Why a part of a call is not heard. */
export type PartProblem =
  | "not_stored"
  | "deleting"
  | "quarantined"
  | "empty"
  | "preparing"
  | "no_transcoder"
  | "failed";

/** A recording of a call, as far as the order of playing needs it. */
export type PlacedRecording = {
  id: string;
  startedAt: Date;
  sourceRecordingId: string;
  channels: number | null;
  problem: PartProblem | null;
};

/** What plays at one time: a recording, or both sides of the call, the agent first. */
export type PartRecordings<Recording> = [Recording] | [agent: Recording, customer: Recording];

/** Names of files have seconds. */
const sameStartMs = 1000;

/**
 * The parts of a call in order. Two sides are one part if both can be played, are mono, begin together, and no third
 * recording could be one of them.
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

/** The one recording that has the other side of this one, if this one is the only one on its side as well. */
function otherSide<Recording extends PlacedRecording>(
  recording: Recording,
  ofCall: readonly Recording[],
): Recording | null {
  const { side } = labelOf(recording);
  if (side === null) return null;
  const together = ofCall.filter((one) => beginTogether(one, recording));
  const others = together.filter((one) => labelOf(one).side !== side);
  const isPair = others.length === 1 && together.length === 2;
  return isPair && together.every(({ channels, problem }) => channels === 1 && problem === null) ? others[0]! : null;
}

function beginTogether(left: PlacedRecording, right: PlacedRecording): boolean {
  const [leftLabel, rightLabel] = [labelOf(left), labelOf(right)];
  if (leftLabel.side === null || rightLabel.side === null || leftLabel.part !== rightLabel.part) return false;
  return Math.abs(left.startedAt.getTime() - right.startedAt.getTime()) <= sameStartMs;
}
