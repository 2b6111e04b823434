import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { appendAuditEvents } from "@/lib/operation/event-append";
import { auditEvent } from "@/lib/operation/audit-event";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { closeAuditWriter } from "@/lib/operation/close-audit-writer";
import { database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { append, auditorContext, ended, seal, verify } from "../../support/log-under-test";

it("names the unused numbers of rollbacks, so that they do not look deleted", async () => {
  await append(1);
  const events = [auditEvent("access.denied"), auditEvent("access.denied")];
  const rolledBack = auditedTransaction(async (tx) => {
    await appendAuditEvents(tx, auditorContext(), events);
    throw new Error("rolled back");
  });
  await expect(rolledBack).rejects.toThrow("rolled back");
  await closeAuditWriter();

  const [closed] = await database().select().from(auditEvents).where(eq(auditEvents.action, "audit_log.writer_closed"));
  expect(closed).toMatchObject({
    actorType: "job",
    actorId: "seal",
    writerSequence: 2,
    details: { highest: 3, unused: [3] },
  });
  await ended();
  await seal();
  expect((await verify()).findings).toEqual([]);
});

it("writes nothing when every number was used", async () => {
  await append(2);
  await closeAuditWriter();
  expect(
    await database().select().from(auditEvents).where(eq(auditEvents.action, "audit_log.writer_closed")),
  ).toHaveLength(1);
});
