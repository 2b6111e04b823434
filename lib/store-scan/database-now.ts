import { sql } from "drizzle-orm";

/**
 * The database's clock, in the precision of its columns: several machines may work on one run, and their clocks differ.
 */
export const databaseNow = sql`date_trunc('milliseconds', clock_timestamp())`;
