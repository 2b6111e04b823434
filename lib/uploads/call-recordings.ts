import { asc, eq, or, sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { ofCall, type SourceIds } from "@/lib/db/recording-ids";
import { recordings } from "@/lib/db/schema";

/** A row of one call, locked. */
export type CallRecording = typeof recordings.$inferSelect;

/** Lets one request at a time add recordings to a call; held until `tx` ends. Taken before any row is locked. */
export async function lockCall(tx: Transaction, { source, sourceCallId }: Pick<SourceIds, "source" | "sourceCallId">) {
  const call = `${source} ${sourceCallId}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia call'), hashtext(${call}))`);
}

/**
 * Locks the recordings of a call that are not deleted, by their ids, as deletions lock them, and reads them: with the
 * rows locked the second statement sees what was committed before. `alsoId`: this one too, also if it was deleted.
 */
export async function lockRecordings(
  tx: Transaction,
  call: Pick<SourceIds, "source" | "sourceCallId">,
  alsoId?: string,
): Promise<CallRecording[]> {
  const rows: SQL = alsoId ? or(eq(recordings.id, alsoId), ofCall(call))! : ofCall(call);
  const [, read] = await Promise.all([
    tx.select({ id: recordings.id }).from(recordings).where(rows).orderBy(asc(recordings.id)).for("no key update"),
    tx.select().from(recordings).where(rows).orderBy(asc(recordings.id)),
  ]);
  return read;
}

/** The stored recording of the call with this content. */
export function storedWith(rows: readonly CallRecording[], sha256: Buffer | null): CallRecording | undefined {
  return sha256 === null ? undefined : rows.find((row) => row.state === "stored" && row.sha256?.equals(sha256));
}

/** Whether a recording of the call with this content is being deleted. */
export const isDeletingWith = (rows: readonly CallRecording[], sha256: Buffer | null) =>
  sha256 !== null && rows.some((row) => row.state === "deleting" && row.sha256?.equals(sha256));
