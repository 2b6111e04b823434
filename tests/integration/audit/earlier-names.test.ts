import { Readable } from "node:stream";
import { beforeAll, expect, it } from "vitest";
import { exportAuditLog } from "@/lib/audit/export-audit-log";
import { verifyExport } from "@/lib/audit/export/verify-export";
import { listAuditEvents } from "@/lib/audit/list-audit-events";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { newId } from "@/lib/core/new-id";
import { exportResponse } from "@/lib/http/audit-export-response";
import { appendAuditEvents } from "@/lib/operation/event-append";
import { jobSuccessorOf, successorOf, targetSuccessorOf, type AuditAction } from "@/lib/operation/audit-actions";
import { auditEvent } from "@/lib/operation/audit-event";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import type { OperationContext } from "@/lib/operation/operation";
import { auditorContext, emptyLog, ended, seal, verify } from "../../support/log-under-test";

const renamed = Object.entries(successorOf);
const [earlierTarget, currentTarget] = Object.entries(targetSuccessorOf)[0]!;
const [earlierJob, currentJob] = Object.entries(jobSuccessorOf)[0]!;

/** Signs events as another version of the portal did, by a job and about a target of that version. */
async function sign(actions: readonly string[], job: string, targetType: string): Promise<void> {
  const context = { actor: { type: "job", name: job }, requestId: newId(), ipAddress: null } as OperationContext;
  for (const action of actions) {
    const event = auditEvent(action as AuditAction, { target: { type: targetType, id: newId() } });
    await auditedTransaction((tx) => appendAuditEvents(tx, context, [event]));
  }
  await ended();
}

beforeAll(async () => {
  await emptyLog();
  await sign(Object.keys(successorOf), earlierJob, earlierTarget);
  await sign(Object.values(successorOf), currentJob, currentTarget);
  await sign(["retention_run.started"], "retention", "retention_run");
  await seal();
});

it.each(renamed)("finds exactly %s under %s", async (earlier, current) => {
  for (const action of [current, earlier] as AuditAction[]) {
    const { rows } = await listAuditEvents(auditorContext(), { action });
    expect(rows.map((row) => row.action)).toEqual([current, current]);
  }
});

it.each(Object.entries(jobSuccessorOf))("finds events of the job %s under %s", async (earlier, current) => {
  const event = "retention_run.finished";
  await sign([event], earlier, "retention_run");
  await sign([event], current, "retention_run");
  for (const actor of [earlier, current]) {
    const { rows } = await listAuditEvents(auditorContext(), { actor, action: event });
    expect(rows.map((row) => row.actor.id)).toEqual([current, current]);
  }
  expect((await listAuditEvents(auditorContext(), { actor: "retention", action: event })).rows).toEqual([]);
});

it("shows an earlier type of target under its current name", async () => {
  const { rows } = await listAuditEvents(auditorContext(), { limit: 200 });
  const types = new Set(rows.map(({ target }) => target?.type));
  expect(types).toContain(currentTarget);
  expect(types).not.toContain(earlierTarget);
});

it("writes both under one label to the CSV", async () => {
  const text = await exportResponse(await exportAuditLog(auditorContext(), { format: "csv" })).text();
  for (const [earlier, current] of renamed) {
    expect(text).not.toContain(`;${earlier};`);
    expect(text.split(`;${current};`)).toHaveLength(3);
  }
});

it("verifies events that were signed under earlier names, in the log and in an export", async () => {
  expect(await verify()).toMatchObject({ verdict: "whole", findings: [] });
  const text = await exportResponse(await exportAuditLog(auditorContext(), {})).text();
  for (const [earlier] of renamed) expect(text).toContain(`"${earlier}"`);
  const exported = await verifyExport(Readable.from([Buffer.from(text)]), configuredPublicKeys());
  expect(exported).toMatchObject({ verdict: "whole", problems: [] });
});
