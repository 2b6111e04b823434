import { asc, sql } from "drizzle-orm";
import { z } from "zod";
import { serviceAccounts, webhookDeliveries } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

export type WaitingReceiver = { serviceAccountId: string; nextAttemptAt: Date };

/** Each service account for which a message waits, and when the turn of its first one comes. */
export const listWaitingReceivers = query({
  permission: "webhook:deliver",
  input: z.object({}),
  run: async ({ db }): Promise<WaitingReceiver[]> => {
    const { serviceAccountId, nextAttemptAt, deliveredAt, abandonedAt } = webhookDeliveries;
    const next = db
      .select({ nextAttemptAt })
      .from(webhookDeliveries)
      .where(sql`${serviceAccountId} = ${serviceAccounts.id} and ${deliveredAt} is null and ${abandonedAt} is null`)
      .orderBy(asc(nextAttemptAt))
      .limit(1)
      .as("next");
    return db
      .select({ serviceAccountId: serviceAccounts.id, nextAttemptAt: next.nextAttemptAt })
      .from(serviceAccounts)
      .innerJoinLateral(next, sql`true`);
  },
});
