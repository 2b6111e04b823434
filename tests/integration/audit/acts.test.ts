import { desc, eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { exportAuditLog } from "@/lib/audit/export-audit-log";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { grantPlayback } from "@/lib/playback/grant-playback";
import { person, type Person } from "../../support/actors";
import { retain } from "../../support/deletions";
import { asAttacker, auditorContext, emptyLog, ended, seal, verify } from "../../support/log-under-test";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";

let unitId: string;
let supervisor: Person;
let deletedId: string;

/** One grant and one deletion with their events, all sealed. */
beforeAll(async () => {
  await emptyLog();
  ({ unitId } = await unitWithQueue());
  await policy(90);
  supervisor = await person("supervisor", { unitIds: [unitId] });
  await grant();
  deletedId = await deletedRecording();
  await ended();
  await seal();
});

/** Returns the grant's id. */
async function grant(): Promise<string> {
  const { id } = await storedRecording({ unitId, startedAt: daysAgo(1) });
  const asked = { recordingId: id, purpose: "training" as const, reference: "OS-2026/114" };
  return (await grantPlayback(supervisor.context, asked)).grantId;
}

async function deletedRecording(): Promise<string> {
  const { id } = await storedRecording({ unitId, startedAt: daysAgo(200) });
  expect(await retain()).toMatchObject({ state: "finished" });
  return id;
}

const found = async () => (await verify()).findings.map(({ code, act }) => [code, act?.kind, act?.id]);

describe("acts and their events", () => {
  it("agree in a log that nobody touched", async () => {
    expect(await verify()).toMatchObject({ verdict: "whole", findings: [] });
  });

  it("show the events that were deleted before their seal, by the rows that stayed", async () => {
    const grantId = await grant();
    const recordingId = await deletedRecording();
    // The newest events of the process, all of one moment: no later event tells that these were committed.
    await asAttacker(async (sql) => {
      await sql`delete from audit_events where transaction_id >= (select max(transaction_to) from audit_seals)`;
    });
    const findings = await found();
    expect(findings).toContainEqual(["act_without_event", "playback_grant", grantId]);
    expect(findings).toContainEqual(["act_without_event", "deleted_recording", recordingId]);
    expect(findings).toContainEqual(["act_without_event", "erasure_ledger_entry", expect.any(String)]);
    expect(findings.every(([code]) => code === "act_without_event")).toBe(true);
    expect(await verify()).toMatchObject({ verdict: "broken" });
  });

  it("show the rows that were deleted with no event of it", async () => {
    const grantId = await grant();
    await asAttacker(async (sql) => {
      await sql`delete from playback_grants where id = ${grantId}`;
      await sql`delete from erasure_ledger where sequence = 1`;
      await sql`update recordings set state = 'deleting' where id = ${deletedId}`;
    });
    const findings = await found();
    expect(findings).toContainEqual(["event_without_act", "playback_grant", grantId]);
    expect(findings).toContainEqual(["event_without_act", "erasure_ledger_entry", "1"]);
    expect(findings).toContainEqual(["event_without_act", "deleted_recording", deletedId]);
  });

  it("show an export whose event was deleted before its seal, and one whose row was", async () => {
    const eventId = async () => {
      const [row] = await database()
        .select({ id: auditEvents.id })
        .from(auditEvents)
        .where(eq(auditEvents.action, "audit_log.exported"))
        .orderBy(desc(auditEvents.occurredAt), desc(auditEvents.id))
        .limit(1);
      return row!.id;
    };
    await exportAuditLog(auditorContext(), {});
    await ended();
    await seal();
    const sealed = await eventId();
    await asAttacker((sql) => sql`delete from audit_disclosures where event_id = ${sealed}`);
    await exportAuditLog(auditorContext(), { format: "csv" });
    const unsealed = await eventId();
    await asAttacker((sql) => sql`delete from audit_events where id = ${unsealed}`);
    const findings = await found();
    expect(findings).toContainEqual(["event_without_act", "disclosure", sealed]);
    expect(findings).toContainEqual(["act_without_event", "disclosure", unsealed]);
  });

  it("are compared although details are no readable JSON or name no id", async () => {
    const details = String.raw`{"grantId":"\u0000","ledgerSequence":"\ud800"}`;
    await asAttacker(async (sql) => {
      await sql.unsafe(
        `insert into audit_events select $1::uuid, epoch, pg_current_xact_id(), now(), $1::uuid, 1, 0,
        actor_type, actor_id, actor_role, 'recording.play_granted', outcome, target_type, 'nobody', unit_id, request_id,
        ip_address, $2::json, hmac_key_id, hmac from audit_events limit 1`,
        [newId(), details],
      );
    });
    expect((await verify()).counts).toMatchObject({ event_forged: 1 });
  });
});
