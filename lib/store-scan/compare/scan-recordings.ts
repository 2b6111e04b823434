import pLimit from "p-limit";
import { ScanStopped, nothingSeen, type PhaseScan } from "@/lib/store-scan/compare/scan-phase";
import type { Discrepancy } from "@/lib/store-scan/compare/compare-object";
import { examineRecording, isAsStored } from "@/lib/store-scan/compare/examine-recording";
import { listRecordingsToVerify, type RecordingInCustody } from "@/lib/store-scan/compare/list-recordings-to-verify";
import { rowCursor } from "@/lib/store-scan/compare/row-cursor";
import { listUnreadable } from "@/lib/store-scan/compare/list-unreadable";
import type { FoundDiscrepancy } from "@/lib/store-scan/found-discrepancy";
import type { OperationContext } from "@/lib/operation/operation";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

const perStep = 200;
const concurrency = 8;

/** If so many objects are missing and the store lists none, it is the wrong store, or an empty one. */
const manyMissing = 20;

/** Errors that may concern one object alone, of which a store can say no more. */
const maybeOfTheObject: ReadonlySet<StoreErrorCode> = new Set(["unavailable", "timed_out"]);

type Examined =
  | { recording: RecordingInCustody; discrepancies: Discrepancy[] }
  | { recording: RecordingInCustody; error: StoreError };

/** Compares the objects of stored recordings with their rows, starting with the ones unverified for longest. */
export const scanRecordings: PhaseScan = async ({ context, stores: [store] }, { startedAt, cursor, objectsSeen }) => {
  const rows = await listRecordingsToVerify(context, { before: startedAt, cursor, limit: perStep });
  const limit = pLimit(concurrency);
  const examined = await Promise.all(rows.map((recording) => limit(() => examine(store!, recording))));
  const done = examined.flatMap((one) => ("error" in one ? [] : [one]));
  const failed = examined.flatMap((one) => ("error" in one ? [one] : []));
  if (rows.length > 0 && done.length === 0) await requireStore(store!, failed);
  if (
    objectsSeen === 0 &&
    done.length >= manyMissing &&
    done.every(({ discrepancies }) => discrepancies.some(({ kind }) => kind === "object_missing"))
  )
    throw new ScanStopped("store_looks_empty");
  // The store works but fails for these: temporary errors wait for the next scan, others are discrepancies.
  const refused = failed
    .filter(({ error }) => !error.retryable)
    .map(({ recording, error }) => about(recording, { kind: "content_changed", facts: { change: error.code } }));
  const unanswered = failed.filter(({ error }) => maybeOfTheObject.has(error.code));
  const unreadable = await unreadableAmong(context, unanswered);
  const last = rows.at(-1);
  return {
    ...nothingSeen,
    found: [
      ...done.flatMap(({ recording, discrepancies }) =>
        discrepancies.map((discrepancy) => about(recording, discrepancy)),
      ),
      ...refused,
      ...unreadable.map((recording) => about(recording, { kind: "content_changed", facts: { change: "unreadable" } })),
    ],
    verified: done.filter(({ discrepancies }) => isAsStored(discrepancies)).map(({ recording }) => recording.id),
    recordings: rows.length,
    unchecked: failed.length - refused.length,
    nextCursor: last && rows.length === perStep ? rowCursor(last.verifiedAt, last.id) : null,
  };
};

type Failed = Extract<Examined, { error: StoreError }>;

/** Throws when the store fails, and not only for these few objects: it still lists, and other errors say enough. */
async function requireStore(store: ObjectStore, failed: readonly Failed[]): Promise<void> {
  const ofTheStore = failed.find(({ error }) => !maybeOfTheObject.has(error.code));
  if (ofTheStore || failed.length >= manyMissing) throw (ofTheStore ?? failed[0]!).error;
  await store.list({ prefix: "", limit: 1 });
}

/** Recordings that the store did not answer for in two complete scans before this one. */
async function unreadableAmong(context: OperationContext, failed: readonly Failed[]): Promise<RecordingInCustody[]> {
  if (failed.length === 0) return [];
  const ids = await listUnreadable(context, { recordingIds: failed.map(({ recording }) => recording.id) });
  return failed.map(({ recording }) => recording).filter(({ id }) => ids.includes(id));
}

async function examine(store: ObjectStore, recording: RecordingInCustody): Promise<Examined> {
  try {
    return { recording, discrepancies: await examineRecording(store, recording) };
  } catch (error) {
    if (error instanceof StoreError) return { recording, error };
    throw error;
  }
}

function about({ id }: RecordingInCustody, { kind, facts }: Discrepancy): FoundDiscrepancy {
  return { kind, facts, objectKey: null, recordingId: id };
}
