import { jobContext } from "@/lib/auth/job-context";
import { recordAuditEvents } from "@/lib/audit/append-audit-events";
import { auditEvent } from "@/lib/audit/audit-event";
import { currentWriter, retireWriter } from "@/lib/audit/audit-writer";

/**
 * Ends the numbering of this process in order: numbers given back by rollbacks and not used again are named in a last event,
 * so that they do not look deleted. Nothing is written when there are none.
 */
export async function closeAuditWriter(): Promise<void> {
  const writer = currentWriter();
  // The event itself takes the smallest.
  const [own, ...unused] = writer.free;
  if (own !== undefined) {
    const context = jobContext("seal");
    await recordAuditEvents(
      context,
      auditEvent("audit_log.writer_closed", { details: { highest: writer.highest, unused } }),
    );
  }
  retireWriter(writer);
}
