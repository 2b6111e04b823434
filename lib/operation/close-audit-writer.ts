import { jobContext } from "@/lib/operation/job-context";
import { recordAuditEvents } from "@/lib/operation/append-audit-events";
import { auditEvent } from "@/lib/operation/audit-event";
import { currentWriter, retireWriter } from "@/lib/operation/audit-writer";

/**
 * Ends the numbering of this process in order: numbers given back by rollbacks and not used again are named in a
 * last event, so that they do not look deleted. Nothing is written when there are none.
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
