import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { listAuditEvents } from "@/lib/audit/list-audit-events";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { recordAuditEvents } from "@/lib/operation/event-append";
import type { OperationContext } from "@/lib/operation/operation";
import { referenceColumns } from "@/lib/recordings/references/call-references";
import { readEventSearch } from "@/lib/recordings/references/read-event-search";
import { signedInAs, unit, type SignedIn } from "../../support/people";
import { storedRecording } from "../../support/recordings";
import { defaultPolicy } from "../../support/uploads";

let auditor: SignedIn;
let supervisor: SignedIn;
let place: { unitId: string };
let recordingId: string;

beforeAll(async () => {
  await defaultPolicy();
  place = await unit();
  [auditor, supervisor] = await Promise.all([signedInAs("auditor"), signedInAs("supervisor", [place.unitId])]);
  ({ id: recordingId } = await storedRecording({ unitId: place.unitId, startedAt: new Date() }));
  await database()
    .update(recordings)
    .set(referenceColumns({ protocol: "2026/00123-a" }))
    .where(eq(recordings.id, recordingId));
});

const context = async (changes: Partial<OperationContext> = {}) => ({ ...(await auditor.context()), ...changes });
const found = async (text: string) => {
  const { filter, value } = await readEventSearch(await context(), { text });
  expect(value).not.toContain(text);
  return (await listAuditEvents(await context(), { [filter]: value })).rows;
};

test("a protocol finds the events of its call, and another protocol none", async () => {
  const target = { type: "recording", id: recordingId, unitId: place.unitId };
  await recordAuditEvents(await context(), auditEvent("recording.held", { target }));
  const rows = await found("2026 00123-A");
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row.target).toMatchObject({ id: recordingId, object: { at: expect.any(Date) } });
  expect(await found("2026 00124-A")).toEqual([]);
});

test("an address finds the events that came from it; no URL shows it", async () => {
  const [ipAddress, requestId] = ["198.51.100.77", newId()];
  await recordAuditEvents(await context({ ipAddress, requestId }), auditEvent("audit_log.exported"));
  expect((await found(ipAddress)).map((row) => row.requestId)).toEqual([requestId]);
  expect(await found("198.51.100.78")).toEqual([]);
});

test("the id of a request finds its events, that of a recording the recording's", async () => {
  const requestId = newId();
  await recordAuditEvents(await context({ requestId }), auditEvent("audit_log.exported"));
  const search = async (text: string) => readEventSearch(await context(), { text });
  expect(await search(requestId)).toEqual({ filter: "requestId", value: requestId });
  expect((await listAuditEvents(await context(), { requestId })).rows).toHaveLength(1);
  expect(await search(`https://portal.test/recordings/${recordingId}`)).toEqual({
    filter: "targetId",
    value: recordingId,
  });
  await expect(search("...")).rejects.toMatchObject({ code: "invalid_input" });
  await expect(readEventSearch(await supervisor.context(), { text: "1" })).rejects.toMatchObject({ code: "forbidden" });
});

test("several kinds are one list in its order, page by page, and people stand apart from jobs", async () => {
  for (let round = 0; round < 3; round += 1)
    await recordAuditEvents(await context(), auditEvent("legal_hold.placed"), auditEvent("receipt.issued"));
  const action = "legal_hold.placed,receipt.issued";
  const first = await listAuditEvents(await context(), { action, limit: 4 });
  const second = await listAuditEvents(await context(), { action, limit: 4, after: first.after! });
  const rows = [...first.rows, ...second.rows];
  expect(rows).toHaveLength(6);
  expect(rows.map(({ id }) => id)).toEqual(
    [...rows]
      .sort((a, b) => b.occurredAt.getTime() - a.occurredAt.getTime() || (a.id < b.id ? 1 : -1))
      .map((r) => r.id),
  );
  expect((await listAuditEvents(await context(), { action, actorType: "job" })).rows).toEqual([]);
});

test("a visit that tries several things is one denial, another visit another", async () => {
  const visit = await supervisor.context();
  const denials = async (requestId: string) => (await listAuditEvents(await context(), { requestId })).rows;
  await Promise.allSettled([listAuditEvents(visit, {}), readEventSearch(visit, { text: "1" })]);
  expect((await denials(visit.requestId)).map(({ action }) => action)).toEqual(["access.denied"]);
  const again = { ...visit, requestId: newId() };
  await Promise.allSettled([listAuditEvents(again, {})]);
  expect(await denials(again.requestId)).toHaveLength(1);
});
