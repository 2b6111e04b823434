import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { suppressedCalls, suppressedRecordings } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import type { SourceIds } from "@/lib/db/recording-ids";

/**
 * Replaces `source_call_id` of a deleted recording, since phone systems write numbers into their call ids. The keyed
 * digest only recognises the same call when it is uploaded again (LGPD: an import must not undo a deletion).
 */
export function suppressedCallId(source: string, sourceCallId: string): string {
  return `deleted:${blindIndex("source_call", `${source}\0${sourceCallId}`).toString("hex")}`;
}

/** Replaces `source_recording_id` of a deleted recording, for the same reasons. */
export function suppressedRecordingId({ source, sourceCallId, sourceRecordingId }: SourceIds): string {
  const digest = blindIndex("source_recording", `${source}\0${sourceCallId}\0${sourceRecordingId}`);
  return `deleted:${digest.toString("hex")}`;
}

/**
 * Whether a recording was deleted, by its id or its content, or its whole call: an import that is run again must not
 * bring it back. Rows deleted before a call could have several recordings have no digest of one: they refuse the call.
 * To be called after the rows of the call were locked, so that a deletion confirmed at the same moment is seen.
 */
export async function isSuppressed(tx: Transaction, ids: SourceIds, sha256: Buffer | null): Promise<boolean> {
  const callId = suppressedCallId(ids.source, ids.sourceCallId);
  const recordingId = suppressedRecordingId(ids);
  const hex = sha256?.toString("hex") ?? null;
  const hasContent = sql`sha256 = decode(${hex}::text, 'hex')`;
  const found = await tx.execute(sql`
    select from ${recordings} where source = ${ids.source} and source_call_id = ${callId}
      and (source_recording_id = ${recordingId} or source_recording_id not like 'deleted:%' or ${hasContent})
    union all select from ${suppressedCalls} where call_id = ${callId}
    union all select from ${suppressedRecordings}
      where call_id = ${callId} and (recording_id = ${recordingId} or ${hasContent})
    limit 1`);
  return found.length > 0;
}
