import { Readable } from "node:stream";
import { beforeAll, describe, expect, it } from "vitest";
import { exportAuditLog } from "@/lib/audit/export-audit-log";
import { exportResponse } from "@/lib/http/audit-export-response";
import { verifyExport } from "@/lib/audit/export/verify-export";
import { listAuditEvents } from "@/lib/audit/list-audit-events";
import { readIntegrity } from "@/lib/audit/read-integrity";
import { readPublicKeysPem } from "@/lib/audit/read-public-keys-pem";
import { readPublicKeys } from "@/lib/audit/signing-keys";
import { verifyRecentEvents } from "@/lib/audit/verify-recent-events";
import { readRecordingHistory } from "@/lib/recordings/read-recording-history";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { append, auditorContext, emptyLog, seal } from "../../support/log-under-test";

beforeAll(async () => {
  await emptyLog();
  for (let batch = 0; batch < 3; batch += 1) {
    await append(5);
    await seal();
  }
});

const anonymous: OperationContext = { actor: { type: "anonymous" }, requestId: newId(), ipAddress: null };
const as = (role: "admin" | "supervisor" | "dpo"): OperationContext => ({
  ...auditorContext(),
  actor: { type: "user", userId: newId(), role, unitIds: [], sessionId: newId(), hasFreshProof: true },
});

async function exported(filters: Parameters<typeof exportAuditLog>[1] = {}): Promise<string> {
  return exportResponse(await exportAuditLog(auditorContext(), filters)).text();
}

async function check(text: string) {
  const keys = readPublicKeys(await readPublicKeysPem(anonymous, {}));
  // Reads in small pieces that split lines and characters.
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 777) }, (_, index) =>
    bytes.subarray(index * 777, (index + 1) * 777),
  );
  return verifyExport(Readable.from(pieces), keys);
}

describe("an export", () => {
  it("verifies with the public key alone and is recorded as an event", async () => {
    const text = await exported();
    expect(await check(text)).toMatchObject({
      verdict: "whole",
      scope: "batches",
      events: 16,
      seals: 3,
      firstSeal: 1,
      problems: [],
    });
    const { rows } = await listAuditEvents(auditorContext(), { action: "audit_log.exported" });
    expect(rows[0]).toMatchObject({
      outcome: "success",
      details: { format: "jsonl", scope: "batches", firstSeal: 1, lastSeal: 3, events: 16 },
    });
  });

  const changes: [string, (lines: string[]) => string[]][] = [
    [
      "a changed event",
      (lines) =>
        lines.map((line, index) => (index === 4 ? line.replace('"outcome":"success"', '"outcome":"denied"') : line)),
    ],
    ["a missing event", (lines) => lines.filter((_, index) => index !== 4)],
    ["an added event", (lines) => lines.toSpliced(4, 0, lines[3]!)],
    ["two events in another order", (lines) => lines.with(3, lines[4]!).with(4, lines[3]!)],
    ["a missing batch", (lines) => lines.filter((_, index) => index < 8 || index > 13)],
    ["a cut end", (lines) => lines.slice(0, -1)],
    ["another header", (lines) => lines.with(0, lines[0]!.replace("Controladora", "Outra"))],
    ["something after the end", (lines) => [...lines, lines[3]!]],
  ];
  it.each(changes)("is refused with %s", async (_what, change) => {
    const lines = (await exported()).trimEnd().split("\n");
    expect((await check(`${lines.join("\n")}\n`)).verdict).toBe("whole");
    expect((await check(`${change(lines).join("\n")}\n`)).verdict).toBe("broken");
  });

  it("of filtered events proves each of them, and fails verification with a changed one", async () => {
    const { rows } = await listAuditEvents(auditorContext(), { action: "recording.play_granted" });
    const targetId = rows[2]!.target!.id;
    const text = await exported({ targetId });
    expect(await check(text)).toMatchObject({ verdict: "whole", scope: "selection", events: 1, seals: 1 });
    expect(await check(text.replace('"outcome":"success"', '"outcome":"denied"'))).toMatchObject({ verdict: "broken" });
  });

  it("of a period without events proves nothing", async () => {
    expect(await check(await exported({ from: "2001-01-01", to: "2001-01-31" }))).toMatchObject({
      verdict: "nothing_to_verify",
      events: 0,
      seals: 0,
    });
    const today = new Date().toISOString().slice(0, 10);
    expect((await check(await exported({ from: "2001-01-01", to: today }))).verdict).toBe("whole");
  });

  it("stops reading when the client disconnects", async () => {
    const response = exportResponse(await exportAuditLog(auditorContext(), {}));
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    expect((await check(await exported())).verdict).toBe("whole");
  });

  it("is refused without the permission, and the refusal is recorded", async () => {
    await expect(exportAuditLog(as("admin"), {})).rejects.toMatchObject({ code: "forbidden" });
    const { rows } = await listAuditEvents(auditorContext(), { action: "access.denied", outcome: "denied" });
    expect(rows.length).toBeGreaterThanOrEqual(1);
    expect(rows[0]!.details).toEqual({ permission: "audit-event:export" });
  });
});

describe("the list of events", () => {
  it("pages through all events once, in both directions", async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listAuditEvents(auditorContext(), { limit: 4, after });
      seen.push(...page.rows.map((row) => row.id));
      if (after)
        expect((await listAuditEvents(auditorContext(), { limit: 4, before: page.before! })).rows).toHaveLength(4);
      after = page.after ?? undefined;
    } while (after);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe((await listAuditEvents(auditorContext(), { limit: 200 })).rows.length);
  });

  it("narrows by each filter", async () => {
    const [some] = (await listAuditEvents(auditorContext(), { action: "recording.play_granted" })).rows;
    const one = { rows: [{ id: some!.id }] };
    expect(await listAuditEvents(auditorContext(), { targetId: some!.target!.id })).toMatchObject(one);
    expect(await listAuditEvents(auditorContext(), { actor: some!.actor.id! })).toMatchObject(one);
    expect((await listAuditEvents(auditorContext(), { actor: "anonymous" })).rows).toEqual([]);
    expect((await listAuditEvents(auditorContext(), { from: "2001-01-01", to: "2001-01-02" })).rows).toEqual([]);
    expect((await listAuditEvents(auditorContext(), { outcome: "failure" })).rows).toEqual([]);
  });

  it("marks the events that are sealed", async () => {
    await append(1);
    expect((await listAuditEvents(auditorContext(), { limit: 1 })).rows[0]!.seal).toBeNull();
    expect(await readIntegrity(auditorContext(), {})).toMatchObject({
      waiting: { oldestAt: expect.any(Date) },
      isLate: false,
    });
    await seal();
    expect((await listAuditEvents(auditorContext(), { limit: 1 })).rows[0]!.seal).toBeGreaterThan(3);
  });
});

it("a recording's history is empty for a supervisor of another unit", async () => {
  const [some] = (await listAuditEvents(auditorContext(), { action: "recording.play_granted" })).rows;
  expect(await readRecordingHistory(as("supervisor"), { recordingId: some!.target!.id })).toEqual({
    events: [],
    hasMore: false,
  });
});

describe("verification from the page", () => {
  it("covers the newest events and is recorded as an event", async () => {
    expect(await verifyRecentEvents(auditorContext(), { events: 5 })).toMatchObject({ verdict: "whole", findings: [] });
    const { rows } = await listAuditEvents(auditorContext(), { action: "audit_log.verified" });
    expect(rows[0]!.details).toMatchObject({ verdict: "whole", findings: 0 });
  });
});
