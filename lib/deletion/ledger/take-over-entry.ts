import { sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { erasureLedger, suppressedCalls, suppressedRecordings } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import type { LedgerEntry } from "@/lib/deletion/ledger/ledger-entry";
import { ledgerHead, lockLedger } from "@/lib/deletion/ledger/ledger-rows";
import { believableEntry } from "@/lib/deletion/ledger/stored-ledger";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { confirmDeletion } from "@/lib/deletion/confirm-deletions";
import { idList } from "@/lib/db/id-list";
import { storeProof } from "@/lib/deletion/store-proof";

/**
 * Confirms the deletions of an entry of the store's ledger, and adds the entry to the database under its own number.
 * What it erased is refused if it is uploaded again, also where the database has no row of it. Safe to repeat.
 * @throws AppError `erasure_ledger_invalid`, or `conflict` while a recording of it is not deleted yet.
 */
export const takeOverEntry = command({
  permission: "erasure-ledger:replay",
  input: z.object({
    sequence: z.int().positive(),
    body: z.string(),
    deletions: z.array(z.object({ recordingId: z.uuid(), proof: z.array(storeProof).min(1) })),
  }),
  audits: ["recording.deleted", "erasure_ledger.replayed"],
  run: async ({ tx, input: { sequence, body, deletions } }) => {
    await lockLedger(tx);
    const head = await ledgerHead(tx);
    if (head.sequence >= sequence) return { result: { deleted: 0 }, unchanged: true as const };
    if (head.sequence !== sequence - 1)
      throw new AppError("conflict", `entry ${head.sequence + 1} of the erasure ledger comes first`);
    const entry = believableEntry(body, sequence, head.hash);
    const { confirmed, audits } = await confirmDeletion(tx, deletions, {
      replayed: { sequence, deletedAt: new Date(entry.deletedAt) },
    });
    const ids = idList(entry.erasures.map(({ recordingId }) => recordingId));
    const [left] = await tx
      .select({ id: recordings.id })
      .from(recordings)
      .where(sql`${recordings.id} = any(${ids}) and ${recordings.state} <> 'deleted'`)
      .limit(1);
    if (left) throw new AppError("conflict", `recording ${left.id} of entry ${sequence} is not deleted yet`);
    await suppress(tx, entry);
    await tx.insert(erasureLedger).values({ sequence, body, writtenAt: new Date() });
    const details = { recordings: entry.erasures.length, deletedAgain: confirmed.length };
    const replayed = auditEvent("erasure_ledger.replayed", {
      target: { type: "erasure_ledger", id: String(sequence) },
      details,
    });
    return { result: { deleted: confirmed.length }, audits: [replayed, ...audits] };
  },
});

/** An entry of the first version refuses its calls; one of the second its recordings, and the calls that it names. */
async function suppress(tx: Transaction, entry: LedgerEntry): Promise<void> {
  const calls: { callId: string }[] = [];
  const ofCalls: { recordingId: string; callId: string; sha256: Buffer | null }[] = [];
  if (entry.type === "custodia.erasure-ledger.v1")
    for (const { callId } of entry.erasures) calls.push(...(callId ? [{ callId }] : []));
  else
    for (const { sourceCallId: callId, sourceRecordingId: recordingId, sha256, refusesCall } of entry.erasures) {
      if (callId && refusesCall) calls.push({ callId });
      if (callId && recordingId)
        ofCalls.push({ recordingId, callId, sha256: sha256 === null ? null : Buffer.from(sha256, "hex") });
    }
  if (calls.length > 0) await tx.insert(suppressedCalls).values(calls).onConflictDoNothing();
  if (ofCalls.length > 0) await tx.insert(suppressedRecordings).values(ofCalls).onConflictDoNothing();
}
