import { sql } from "drizzle-orm";

/**
 * How long after a link expired an upload that started before may still reach the store. Its key is not cleaned up
 * until then.
 */
export const uploadGrace = sql`interval '30 minutes'`;
