import { sql } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { log } from "@/lib/log";

export type Health = { status: "ok" | "unavailable" };

/** Whether the portal can work at all. Needs no permission and tells nobody anything that would. */
export async function readHealth(): Promise<Health> {
  try {
    await database().execute(sql`select 1`);
    return { status: "ok" };
  } catch (error) {
    log.error({ error }, "the database does not answer");
    return { status: "unavailable" };
  }
}
