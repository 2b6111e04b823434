import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { suppressedCalls, suppressedRecordings } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import type { SourceIds } from "@/lib/db/recording-ids";
import { storedIds, withoutNumbers } from "@/lib/recordings/numbers/source-ids";

/**
 * Replaces `source_call_id` of a deleted recording, since the phone system's records lead from it to a person. The
 * keyed digest only recognises the same call when it is uploaded again (LGPD: an import must not undo a deletion).
 */
export function suppressedCallId(source: string, sourceCallId: string): string {
  return callDigest({ source, sourceCallId: withoutNumbers(source, sourceCallId) });
}

/** Replaces `source_recording_id` of a deleted recording, for the same reasons. */
export function suppressedRecordingId(ids: SourceIds): string {
  return recordingDigest(storedIds(ids));
}

const callDigest = ({ source, sourceCallId }: Pick<SourceIds, "source" | "sourceCallId">) =>
  `deleted:${blindIndex("source_call", `${source}\0${sourceCallId}`).toString("hex")}`;

const recordingDigest = ({ source, sourceCallId, sourceRecordingId }: SourceIds) =>
  `deleted:${blindIndex("source_recording", `${source}\0${sourceCallId}\0${sourceRecordingId}`).toString("hex")}`;

/** The ids as they are stored and, if they held a number, as they were given. */
function storedAndGiven(given: SourceIds): SourceIds[] {
  const stored = storedIds(given);
  const isSame = stored.sourceCallId === given.sourceCallId && stored.sourceRecordingId === given.sourceRecordingId;
  return isSame ? [given] : [stored, given];
}

/** A recording that is sent again, perhaps: its ids, and its content if that is known. */
export type SentAgain = SourceIds & { sha256: Buffer | null };

/**
 * Whether each recording was deleted, by its id or its content, or its whole call: an import that is run again must not
 * bring it back. Rows deleted before a call could have several recordings have no digest of one: they refuse the call.
 * To be called after the rows of the calls were locked, so that a deletion confirmed at the same moment is seen.
 * @param sent with the ids as the sender gave them: digests of before numbers in ids were replaced are of those.
 */
export async function areSuppressed(tx: Transaction, sent: readonly SentAgain[]): Promise<boolean[]> {
  const asked = JSON.stringify(
    sent.flatMap(({ sha256, ...given }, position) =>
      storedAndGiven(given).map((ids) => ({
        ...{ position, source: ids.source, sha256: sha256?.toString("hex") ?? null },
        ...{ call_id: callDigest(ids), recording_id: recordingDigest(ids) },
      })),
    ),
  );
  const found = await tx.execute<{ position: number }>(sql`
    select position from jsonb_to_recordset(${asked}::jsonb)
      as asked(position int, source text, call_id text, recording_id text, sha256 text)
    where exists (select from ${recordings} gone where gone.source = asked.source
        and gone.source_call_id = asked.call_id and (gone.source_recording_id = asked.recording_id
          or gone.source_recording_id not like 'deleted:%' or gone.sha256 = decode(asked.sha256, 'hex')))
      or exists (select from ${suppressedCalls} gone where gone.call_id = asked.call_id)
      or exists (select from ${suppressedRecordings} gone where gone.call_id = asked.call_id
        and (gone.recording_id = asked.recording_id or gone.sha256 = decode(asked.sha256, 'hex')))`);
  const positions = new Set(found.map(({ position }) => position));
  return sent.map((_, position) => positions.has(position));
}
