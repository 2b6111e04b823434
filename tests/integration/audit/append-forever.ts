import { randomUUID } from "node:crypto";
import { startSealer } from "@/lib/audit/start-sealer";
import { auditEvent } from "@/lib/operation/audit-event";
import { currentWriter } from "@/lib/operation/audit-writer";
import { recordAuditEvents } from "@/lib/operation/event-append";
import { jobContext } from "@/lib/operation/job-context";
import { startCommand } from "@/scripts/start-command";

startCommand();
startSealer();

/** Appends events and seals, as a portal does, until it is killed. Writes its number for each event. */
for (;;) {
  const target = { type: "recording", id: randomUUID(), unitId: randomUUID() };
  await recordAuditEvents(jobContext("seal"), auditEvent("recording.stored", { target }));
  process.stdout.write(`${currentWriter().id} ${currentWriter().settled}\n`);
}
