import { jobContext } from "@/lib/operation/job-context";
import { recordAuditEvents } from "@/lib/operation/event-append";
import { auditEvent } from "@/lib/operation/audit-event";
import { currentWriter, retireWriter } from "@/lib/operation/audit-writer";

/**
 * Closes the numbering of this process: a last event names the returned numbers that were not reused, so that they do
 * not look deleted. Writes nothing if there are none.
 */
export async function closeAuditWriter(): Promise<void> {
  const writer = currentWriter();
  // The event itself takes the smallest returned number.
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
