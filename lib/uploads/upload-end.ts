import { sql } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import type { Transaction } from "@/lib/db/client";
import { updateRows } from "@/lib/db/json-rows";
import { recordings } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { enqueueJobs } from "@/lib/jobs/enqueue-job";
import { coverArrivals, type HeldArrival } from "@/lib/legal-holds/placement/cover-arrivals";
import { enqueueCopies, type NewlyStored } from "@/lib/media/playable-copies/enqueue-copy";
import { queueWebhooks, type WebhookNews } from "@/lib/notifications/queue-webhook";
import { endTickets, type TicketsEnd } from "@/lib/uploads/ticket-closing";

/** The end of an upload, as stored or rejected. */
export type UploadEnd = Omit<TicketsEnd, "recordingId"> & {
  columns: RecordingChange;
  message: WebhookNews;
  /** What was stored. */
  stored?: NewlyStored;
};

type RecordingChange = { id: string } & PgUpdateSetSource<typeof recordings>;

/**
 * When a waveform is due: at once up to 16 MiB, a large file 50 ms later for each further MiB, so that the short calls
 * that arrived with it do not wait for it.
 */
export const smallFilesFirst = (
  id: string,
) => sql`${transactionNow} + coalesce((select greatest(0, size_bytes - 16777216)
  from ${recordings} where id = ${id}), 0) / 1048576.0 * interval '50 milliseconds'`;

/**
 * Writes the ends of uploads of different recordings. Sends the statements together; the connection runs them in this
 * order. The last two need a second statement, which is not sent if an earlier one failed.
 * @returns what came under legal holds that cover the calls.
 */
export async function endUploads(tx: Transaction, ends: readonly UploadEnd[]): Promise<HeldArrival[]> {
  if (ends.length === 0) return [];
  const stored = ends.filter(({ outcome }) => outcome === "completed");
  const rejected = ends.filter(({ outcome }) => outcome === "rejected");
  const [, , , , , held] = await Promise.all([
    endTickets(
      tx,
      ends.map((end) => ({ ...end, recordingId: end.columns.id })),
    ),
    updateRows(
      tx,
      recordings,
      stored.map(({ columns }) => columns),
    ),
    updateRows(
      tx,
      recordings,
      rejected.map(({ columns }) => columns),
    ),
    enqueueJobs(
      tx,
      stored.map(({ columns: { id } }) => ({
        ...{ kind: "waveform" as const, key: id, payload: { recordingId: id } },
        runAt: smallFilesFirst(id),
      })),
    ),
    enqueueCopies(
      tx,
      ends.flatMap((end) => end.stored ?? []),
    ),
    coverArrivals(
      tx,
      stored.map(({ columns: { id } }) => id),
    ),
    queueWebhooks(
      tx,
      ends.map(({ message }) => message),
    ),
  ]);
  return held;
}
