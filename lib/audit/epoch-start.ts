import { and, eq, sql } from "drizzle-orm";
import { lastSeal } from "@/lib/audit/unsealed-range";
import type { Database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { appendAuditEvents } from "@/lib/operation/event-append";
import { auditEvent } from "@/lib/operation/audit-event";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { jobContext } from "@/lib/operation/job-context";

/** Any number, the same in all processes. */
const epochLock = 7_241_130_513;

/** Records once that an epoch began: at the first start, and after a restore or a failover. */
export async function recordEpochStart(db: Database, epoch: string): Promise<void> {
  await auditedTransaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${epochLock})`);
    const isStart = and(eq(auditEvents.action, "audit_log.epoch_started"), eq(auditEvents.epoch, epoch));
    const [recorded] = await tx.select({ id: auditEvents.id }).from(auditEvents).where(isStart).limit(1);
    if (recorded) return;
    const last = await lastSeal(tx);
    const details = { epoch, previousEpoch: last?.epoch ?? null, previousSeal: last?.sequence ?? null };
    const context = jobContext("seal");
    await appendAuditEvents(tx, context, [auditEvent("audit_log.epoch_started", { details })]);
  }, db);
}
