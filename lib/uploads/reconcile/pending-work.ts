import { and, isNull, lt, or, sql } from "drizzle-orm";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { uploadGrace } from "@/lib/deletion/claim-erasure";

/** Expired and never completed. The phone system may have stopped after it sent the content. */
const isUnfinished = and(
  isNull(uploadTickets.closedAt),
  lt(uploadTickets.expiresAt, sql`now() - interval '5 minutes'`),
);

/** No stored recording uses the key. A setting that ended promotion may have changed after the ticket was issued. */
const isUnreferenced = sql`not exists (
  select from ${recordings} where ${recordings.objectKey} = ${uploadTickets.objectKey})`;

/** Closed without a stored recording, long enough ago that PUTs in progress when the link expired have ended. */
export const isSweepable = and(
  sql`${uploadTickets.outcome} in ('rejected', 'superseded')`,
  lt(uploadTickets.expiresAt, sql`now() - ${uploadGrace}`),
  isUnreferenced,
);

/**
 * Completed by moving the object: a reusable link may have written to the ticket's own key again.
 * Checked once, after the link has expired; then `promotedKey` is cleared.
 */
export const isLeftByPromotion = and(
  sql`${uploadTickets.outcome} = 'completed' and ${uploadTickets.promotedKey} is not null`,
  lt(uploadTickets.expiresAt, sql`now() - ${uploadGrace}`),
  isUnreferenced,
);

export const uploadJobKinds = ["upload_completion", "upload_sweep"] as const;
export type UploadJobKind = (typeof uploadJobKinds)[number];

/** The upload tickets that have work for the jobs of each kind. */
export const pendingWork = { upload_completion: isUnfinished, upload_sweep: or(isSweepable, isLeftByPromotion) };
