import { sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/schema/columns";

/** The database's clock, in milliseconds: what decides later whether a time has passed is compared with it. */
export async function readDatabaseTime(db: ReadDatabase): Promise<Date> {
  const [row] = await db.select({ now: sql<string>`${databaseNow}::text` }).from(sql`(values (1)) one`);
  return new Date(row!.now);
}
