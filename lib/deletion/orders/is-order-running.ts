import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { deletionOrders } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** Whether an order still has recordings to mark. */
export const isOrderRunning = query({
  permission: "recording:retire",
  input: z.object({ orderId: z.uuid() }),
  run: async ({ db, input: { orderId } }) =>
    (await db.$count(deletionOrders, and(eq(deletionOrders.id, orderId), eq(deletionOrders.state, "running")))) > 0,
});
