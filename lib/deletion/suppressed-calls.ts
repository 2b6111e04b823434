import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { suppressedCalls } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { AppError } from "@/lib/core/errors";
import { blindIndex } from "@/lib/core/crypto/blind-index";

/**
 * Replaces `source_call_id` of a deleted recording, since phone systems write numbers into their call ids. The keyed
 * digest only recognises the same call when it is uploaded again (LGPD: an import must not undo a deletion).
 */
export function suppressedCallId(source: string, sourceCallId: string): string {
  return `deleted:${blindIndex("source_call", `${source}\0${sourceCallId}`).toString("hex")}`;
}

/**
 * Refuses a call whose recording was deleted: an import that is run again must not bring it back. To be called after
 * the row of the call was inserted, so that a deletion confirmed at the same moment is seen.
 * @throws AppError `already_deleted`
 */
export async function refuseDeletedCall(
  tx: Transaction,
  { source, sourceCallId }: { source: string; sourceCallId: string },
): Promise<void> {
  const callId = suppressedCallId(source, sourceCallId);
  const deleted = tx
    .select({ callId: recordings.sourceCallId })
    .from(recordings)
    .where(and(eq(recordings.source, source), eq(recordings.sourceCallId, callId)));
  const suppressed = tx
    .select({ callId: suppressedCalls.callId })
    .from(suppressedCalls)
    .where(eq(suppressedCalls.callId, callId));
  if ((await deleted.unionAll(suppressed).limit(1)).length > 0)
    throw new AppError("already_deleted", "the recording of this call was deleted");
}
