import { nothingSeen, type PhaseScan } from "@/lib/store-scan/scan-job";
import { listPastRetention, listStuckDeletions } from "@/lib/store-scan/list-past-retention";
import { rowCursor } from "@/lib/store-scan/row-cursor";

const perStep = 500;

type Overdue = { id: string; at: Date; facts: Record<string, string | null> };

function seen(rows: readonly Overdue[]) {
  const last = rows.at(-1);
  const found = rows.map(({ id, facts }) => ({
    kind: "past_retention" as const,
    objectKey: null,
    recordingId: id,
    facts,
  }));
  return { ...nothingSeen, found, nextCursor: last && rows.length === perStep ? rowCursor(last.at, last.id) : null };
}

/** Recordings past their date that the retention job has not marked, although nothing keeps them. */
export const scanPastRetention: PhaseScan = async ({ context }, { cursor }) =>
  seen(await listPastRetention(context, { cursor, limit: perStep }));

/** Recordings that have been on their way out for more than a day. */
export const scanDeletions: PhaseScan = async ({ context }, { cursor }) =>
  seen(await listStuckDeletions(context, { cursor, limit: perStep }));
