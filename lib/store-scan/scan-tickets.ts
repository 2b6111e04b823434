import { nothingSeen, type PhaseScan } from "@/lib/store-scan/scan-job";
import { listStuckTickets } from "@/lib/store-scan/list-stuck-tickets";

const perStep = 500;

/** Uploads that the reconciliation job should have ended long ago. */
export const scanTickets: PhaseScan = async ({ context }, { cursor }) => {
  const rows = await listStuckTickets(context, { cursor, limit: perStep });
  const found = rows.map(({ recordingId, ...facts }) => ({
    kind: "ticket_never_completed" as const,
    objectKey: null,
    recordingId,
    facts,
  }));
  return { ...nothingSeen, found, nextCursor: rows.length === perStep ? rows.at(-1)!.recordingId : null };
};
