import { sql } from "drizzle-orm";

/**
 * How long after a link expired bytes that set out before it may still arrive at the store. Until then its key is
 * not swept.
 */
export const uploadGrace = sql`interval '30 minutes'`;
