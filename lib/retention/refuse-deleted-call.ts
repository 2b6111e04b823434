import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { suppressedCalls } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { AppError } from "@/lib/errors";
import { suppressedCallId } from "@/lib/retention/suppressed-call-id";

/**
 * Refuses to take in a call whose recording was deleted: an import that is run again must not bring it back. Asked after the row
 * of the call was inserted, so that a deletion confirmed at the same moment is seen.
 * @throws AppError `already_deleted`
 */
export async function refuseDeletedCall(tx: Transaction, { source, sourceCallId }: { source: string; sourceCallId: string }): Promise<void> {
  const callId = suppressedCallId(source, sourceCallId);
  const [deleted] = await tx.select({ id: recordings.id }).from(recordings).where(and(eq(recordings.source, source), eq(recordings.sourceCallId, callId)));
  if (deleted || (await tx.$count(suppressedCalls, eq(suppressedCalls.callId, callId))) > 0) throw new AppError("already_deleted", "the recording of this call was deleted");
}
