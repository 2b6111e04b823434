import { sql } from "drizzle-orm";
import { z } from "zod";
import { pick } from "@/lib/core/pick";
import { jobs, serviceAccounts, webhookDeliveries } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

export type WebhookState = "waiting" | "delivered" | "abandoned";

export type WebhookDeliveryRow = {
  id: string;
  serviceAccountId: string;
  recordingId: string;
  event: (typeof webhookDeliveries.$inferSelect)["event"];
  state: WebhookState;
  createdAt: Date;
  attempts: number;
  /** Set only while the message waits. */
  nextAttemptAt: Date | null;
  deliveredAt: Date | null;
  /** Code of the last failure: `http_500`, `timed_out`, `unreachable`, … */
  lastFailure: string | null;
};

/** The latest messages to each service account, newest first. */
export const listWebhookDeliveries = query({
  permission: "service-account:list",
  input: z.object({ perAccount: z.int().min(1).max(50).default(5) }),
  run: async ({ db, input }): Promise<WebhookDeliveryRow[]> => {
    const { id, createdAt, serviceAccountId } = webhookDeliveries;
    const columns = pick(
      webhookDeliveries,
      "id",
      "serviceAccountId",
      "recordingId",
      "event",
      "createdAt",
      "attempts",
      "deliveredAt",
      "abandonedAt",
      "lastFailure",
    );
    const last = db
      .select(columns)
      .from(webhookDeliveries)
      .where(sql`${serviceAccountId} = ${serviceAccounts.id}`)
      .orderBy(sql`${createdAt} desc, ${id} desc`)
      .limit(input.perAccount)
      .as("last");
    const rows = await db
      .select({
        id: last.id,
        serviceAccountId: last.serviceAccountId,
        recordingId: last.recordingId,
        event: last.event,
        createdAt: last.createdAt,
        attempts: sql<number>`greatest(${last.attempts}, ${jobs.attempts})`,
        nextAttemptAt: jobs.runAt,
        deliveredAt: last.deliveredAt,
        abandonedAt: last.abandonedAt,
        lastFailure: last.lastFailure,
      })
      .from(serviceAccounts)
      .innerJoinLateral(last, sql`true`)
      .leftJoin(jobs, sql`${jobs.kind} = 'webhook' and ${jobs.key} = ${last.id}::text and ${jobs.deadAt} is null`)
      .orderBy(sql`${last.createdAt} desc, ${last.id} desc`);
    return rows.map(({ abandonedAt: givenUpAt, nextAttemptAt: next, ...row }) => {
      const state = row.deliveredAt ? "delivered" : givenUpAt ? "abandoned" : "waiting";
      return { ...row, state, nextAttemptAt: state === "waiting" ? next : null };
    });
  },
});
