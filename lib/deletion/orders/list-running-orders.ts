import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { deletionOrders } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** Ids of the deletion orders under way, the oldest first. */
export const listRunningOrders = query({
  permission: "recording:retire",
  input: z.object({}),
  run: async ({ db }): Promise<string[]> => {
    const running = and(eq(deletionOrders.reason, "deletion_order"), eq(deletionOrders.state, "running"));
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
