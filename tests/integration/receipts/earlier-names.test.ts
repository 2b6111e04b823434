import { readFile } from "node:fs/promises";
import { eq, sql } from "drizzle-orm";
import { extractText } from "unpdf";
import { beforeAll, expect, it } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { recordAuditEvents } from "@/lib/operation/event-append";
import type { AuditAction } from "@/lib/operation/audit-actions";
import { auditEvent } from "@/lib/operation/audit-event";
import type { OperationContext } from "@/lib/operation/operation";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import { recordingReceiptResponse, summaryReceiptResponse } from "@/lib/http/receipt-response";
import { auditorContext, verify } from "../../support/log-under-test";
import { daysAgo, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";
import { check, clean, receiptFile, retain, sealAll } from "../../support/deletions";

const oldOrder = newId();
let oldRecording: string;
let newOrder: string;

/**
 * Deletion orders were called cleanups: their events, the job that ran them and the reason were signed under that
 * name.
 */
const oldContext = (): OperationContext => ({
  actor: { type: "job", name: "cleanup-command" as never },
  requestId: newId(),
  ipAddress: null,
});
const record = (action: string, target: { type: string; id: string }, details: Record<string, string | number>) =>
  recordAuditEvents(oldContext(), auditEvent(action as AuditAction, { target, details }));

/** The rows and events that an order of that time wrote, up to the deletion itself. */
async function orderAsBefore(recordingId: string): Promise<void> {
  const target = { type: "deletion_order", id: oldOrder };
  await database().execute(sql`
    insert into deletion_orders (id, reason, requested_by_type, requested_by_id, selection, justification,
      expected_recordings, expected_bytes, marked_recordings, state, finished_at)
    values (${oldOrder}, 'cleanup', 'job', 'cleanup-command', '{}', 'Unidade encerrada', 1, 64, 1, 'finished', now())`);
  await record("cleanup.ordered", target, { recordings: 1, sizeBytes: 64, state: "running" });
  await database().execute(sql`
    update recordings set state = 'deleting', deleting_at = now(), deletion_reason = 'cleanup',
      deletion_order_id = ${oldOrder} where id = ${recordingId}`);
  const { retentionPolicyId: policyId, retainUntil } = await row(recordingId);
  const details = {
    reason: "cleanup",
    orderId: oldOrder,
    policyId: policyId!,
    retainUntil: retainUntil!.toISOString(),
  };
  await record("recording.marked_for_deletion", { type: "recording", id: recordingId }, details);
  await record("cleanup.finished", target, { expected: 1, marked: 1 });
}

beforeAll(async () => {
  await policy(90);
  const [before, after] = [await unitWithQueue(), await unitWithQueue()];
  oldRecording = (await storedRecording({ ...before, startedAt: daysAgo(5) })).id;
  await storedRecording({ ...after, startedAt: daysAgo(5) });
  await orderAsBefore(oldRecording);
  await retain();
  newOrder = await clean(after.unitId, 1);
  await sealAll();
});

it("rows take the new name, and signed events stay unchanged", async () => {
  expect((await row(oldRecording)).deletionReason).toBe("cleanup");
  const migration = await readFile("drizzle/0020_deletion_order.sql", "utf8");
  for (const statement of migration.split("--> statement-breakpoint")) await database().execute(sql.raw(statement));
  expect((await row(oldRecording)).deletionReason).toBe("deletion_order");
  expect(await verify()).toMatchObject({ verdict: "whole", findings: [] });
});

it("receipts of the recording and of the order verify, in current words", async () => {
  const text = await receiptFile(oldRecording);
  expect(await check(text)).toMatchObject({ holds: true, problems: [] });
  expect(JSON.parse(text)).toMatchObject({
    receipt: { deletion: { reason: "cleanup", legalGrounds: [], orderId: oldOrder } },
  });
  const pdf = await recordingReceiptResponse(
    await issueRecordingReceipt(auditorContext(), { recordingId: oldRecording, format: "pdf" }),
  );
  const words = (await extractText(new Uint8Array(await pdf.arrayBuffer()), { mergePages: true })).text;
  expect(words).toContain("Ordem de eliminação");
  for (const orderId of [oldOrder, newOrder]) {
    const file = await (
      await summaryReceiptResponse(await issueOrderReceipt(auditorContext(), { orderId, format: "json" }))
    ).text();
    expect(await check(file)).toMatchObject({ holds: true, listed: 1, problems: [] });
  }
  expect(await database().$count(recordings, eq(recordings.deletionReason, "cleanup"))).toBe(0);
});
