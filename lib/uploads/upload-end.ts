import { getTableColumns, is, SQL, sql } from "drizzle-orm";
import type { PgUpdateSetSource } from "drizzle-orm/pg-core";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
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
    changeRecordings(
      tx,
      stored.map(({ columns }) => columns),
    ),
    changeRecordings(
      tx,
      rejected.map(({ columns }) => columns),
    ),
    enqueueJobs(
      tx,
      stored.map(({ columns: { id } }) => ({ kind: "waveform", key: id, payload: { recordingId: id } })),
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

/** Changes the same columns of several recordings in one statement. */
export async function changeRecordings(tx: Transaction, changes: readonly RecordingChange[]): Promise<void> {
  if (changes.length === 0) return;
  const columns = getTableColumns(recordings);
  const names = Object.keys(changes[0]!) as (keyof typeof columns)[];
  const valueOf = (change: RecordingChange, name: (typeof names)[number]) => {
    const value = change[name];
    const type = sql.raw(columns[name].getSQLType());
    return sql`${is(value, SQL) ? value : sql.param(value, columns[name])}::${type}`;
  };
  const rows = changes.map(
    (change) =>
      sql`(${sql.join(
        names.map((name) => valueOf(change, name)),
        sql`, `,
      )})`,
  );
  const identifiers = names.map((name) => sql.identifier(columns[name].name));
  const set = identifiers.map((name) => sql`${name} = changed.${name}`);
  await tx.execute(sql`update ${recordings} set ${sql.join(set, sql`, `)}
    from (values ${sql.join(rows, sql`, `)}) as changed (${sql.join(identifiers, sql`, `)})
    where ${recordings.id} = changed.id`);
}
