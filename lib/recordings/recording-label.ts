/** What the beginning of a recording's id says of it: `agent:…`, `customer.part-2:…`, `part-3:…`. */
export type RecordingLabel = { side: "agent" | "customer" | null; part: number };

const label = /^(?:(agent|customer)(?:\.part-(\d{1,6}))?|part-(\d{1,6})):/;

/** The side and the part of the call; of an id without a label, no side and the first part. */
export function recordingLabel(sourceRecordingId: string): RecordingLabel {
  const [, side, partOfSide, part] = label.exec(sourceRecordingId) ?? [];
  return { side: (side ?? null) as RecordingLabel["side"], part: Number(partOfSide ?? part ?? 1) };
}

/** True if the id says nothing but its label: the rest is the SHA-256 of the content. */
export const isOnlyLabel = (sourceRecordingId: string) =>
  label.test(sourceRecordingId) && /:[0-9a-f]{64}$/.test(sourceRecordingId);

type Placed = { id: string; startedAt: Date; sourceRecordingId: string };

/** The order of the recordings of a call: by start, then by part. Names of files often have the start of the call. */
export function inOrderOfCall(left: Placed, right: Placed): number {
  return (
    left.startedAt.getTime() - right.startedAt.getTime() ||
    recordingLabel(left.sourceRecordingId).part - recordingLabel(right.sourceRecordingId).part ||
    (left.id < right.id ? -1 : 1)
  );
}
