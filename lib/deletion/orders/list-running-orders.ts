import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { deletionOrders } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** Ids of the cleanups that are under way, the oldest first. */
export const listRunningCleanups = query({
  permission: "recording:retire",
  input: z.object({}),
  run: async ({ db }): Promise<string[]> => {
    const running = and(eq(deletionOrders.reason, "cleanup"), eq(deletionOrders.state, "running"));
    return (
      await db
        .select({ id: deletionOrders.id })
        .from(deletionOrders)
        .where(running)
        .orderBy(asc(deletionOrders.createdAt))
        .limit(100)
    ).map(({ id }) => id);
  },
});
