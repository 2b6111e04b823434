import type { Transaction } from "@/lib/db/client";
import { readDatabaseTime } from "@/lib/db/database-time";
import { areSuppressed } from "@/lib/deletion/suppressed-calls";
import { isDeletingWith, lockRecordings } from "@/lib/uploads/call-recordings";
import type { Inspection } from "@/lib/uploads/completion/ticket-inspection";
import { findOpenTickets, type Upload } from "@/lib/uploads/open-upload";
import { idsOfContent, type LockedUpload } from "@/lib/uploads/recording-of-content";
import { callKey } from "@/lib/uploads/rounds";

type Checked = { upload: Upload; inspection: Inspection | null };

/**
 * Reads the uploads again after the store was checked: another request may have completed them, or requested a new
 * ticket. Locks the recordings of the calls before their tickets, as `issueTickets` does. Null: the recording is gone.
 */
export async function lockUploads(tx: Transaction, round: readonly Checked[]): Promise<(LockedUpload | null)[]> {
  const ids = round.map(({ upload }) => upload.id);
  const verified = round.flatMap(({ upload, inspection }, index) => {
    const sha256 = verifiedSha256(inspection);
    return sha256 ? [{ index, sent: { ...idsOfContent(upload, sha256), sha256 } }] : [];
  });
  const contents = verified.map(({ sent }) => sent);
  // Sent together; the connection runs them in this order.
  const [rows, tickets, suppressed, now] = await Promise.all([
    lockRecordings(
      tx,
      round.map(({ upload }) => upload),
      ids,
    ),
    findOpenTickets(tx, ids),
    contents.length > 0 ? areSuppressed(tx, contents) : [],
    readDatabaseTime(tx),
  ]);
  const deleted = new Set(verified.filter((_, position) => suppressed[position]).map(({ index }) => index));
  const rowsOf = Map.groupBy(rows, callKey);
  return round.map(({ upload, inspection }, index) => {
    const recording = rows.find(({ id }) => id === upload.id);
    if (!recording) return null;
    const ofCall = [...new Set([...(rowsOf.get(callKey(upload)) ?? []), recording])];
    const isDeleted = deleted.has(index) || isDeletingWith(ofCall, verifiedSha256(inspection));
    return { recording, now, ofCall, openTickets: tickets.get(upload.id) ?? [], isDeleted };
  });
}

/** The SHA-256 that the store has proved. */
export const verifiedSha256 = (inspection: Inspection | null) =>
  inspection?.verdict.kind === "verified" ? inspection.verdict.sha256 : null;
