import { sql } from "drizzle-orm";

/** The columns of a derived file that is gone from every store. That it was, and its SHA-256, stay. */
export const deletedDerived = {
  state: "deleted",
  objectKey: null,
  objectVersionId: null,
  objectEtag: null,
  storingUntil: null,
  deletedAt: sql`date_trunc('milliseconds', now())`,
} as const;
