import { eq } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { acknowledgeAlert } from "@/lib/compliance/alerts/acknowledge-alert";
import { enqueueAlertCheck } from "@/lib/compliance/alerts/enqueue-alert-check";
import { listAlerts } from "@/lib/compliance/alerts/list-alerts";
import { raiseAlerts } from "@/lib/compliance/alerts/raise-alerts";
import { readIncident } from "@/lib/compliance/incidents/read-incident";
import { registerIncident } from "@/lib/compliance/incidents/register-incident";
import { changeOversightSettings } from "@/lib/compliance/oversight/change-oversight-settings";
import { newId } from "@/lib/core/new-id";
import { today } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { alerts, jobs, messages, subjectRequests } from "@/lib/db/schema";
import type { alertRules } from "@/lib/db/schema/alerts";
import { auditEvent } from "@/lib/operation/audit-event";
import { recordAuditEvents } from "@/lib/operation/event-append";
import { grantPlayback } from "@/lib/playback/grant-playback";
import { recordBytesSent } from "@/lib/playback/record-bytes-sent";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { workOff } from "../../support/background-jobs";
import { sealAll } from "../../support/deletions";
import { asAttacker } from "../../support/log-under-test";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";
import { letter } from "../../support/subject-requests";

type Rule = (typeof alertRules)[number];

let [dpo, auditor, admin]: Person[] = [];
let unitId: string;
const alertJobContext = () => contextOf({ type: "job", name: "alerts" });
const raise = () => raiseAlerts(alertJobContext(), {});
const raised = (rule: Rule) => database().select().from(alerts).where(eq(alerts.rule, rule));

beforeAll(async () => {
  [dpo, auditor, admin] = [await person("dpo"), await person("auditor"), await person("admin")];
  ({ unitId } = await unitWithQueue());
  await policy(365);
  // All of the day is within working hours, so that no other rule depends on the time of the test.
  const thresholds = {
    manyAccesses: 3,
    sameNumber: 100,
    offHours: 100,
    refusals: 2,
    numberSearches: 2,
    largeExport: 5,
  };
  await changeOversightSettings(contextOf(admin.actor), { workFrom: "00:00", workTo: "24:00", ...thresholds });
});

afterEach(sealAll);

async function hear(who: Person, times: number, send = true): Promise<void> {
  const { id: recordingId } = await storedRecording({ unitId, startedAt: daysAgo(3) });
  for (let count = 0; count < times; count += 1) {
    const asked = { recordingId, purpose: "training" as const, reference: "OS-1" };
    const { grantId } = await grantPlayback(contextOf(who.actor), asked);
    if (send) await recordBytesSent(contextOf(who.actor), { grantId, start: 0, endExclusive: 10, isLast: true });
  }
}

const supervisor = () => person("supervisor", { unitIds: [unitId], name: "Ana Souza" });

/** Writes an event as this person, `times` times. */
async function write(who: Person, times: number, ...events: Parameters<typeof recordAuditEvents>[1][]): Promise<void> {
  for (let count = 0; count < times; count += 1) await recordAuditEvents(contextOf(who.actor), ...events);
}

describe("rules about people", () => {
  it("many accesses within an hour raise one alert; fewer, and grants without audio, raise none", async () => {
    const [many, few, unsent] = [await supervisor(), await supervisor(), await supervisor()];
    await hear(many, 3);
    await hear(few, 2);
    await hear(unsent, 3, false);
    await raise();
    expect(await raised("many_accesses")).toMatchObject([
      { subject: many.userId, userId: many.userId, day: today(), value: 3, threshold: 3, acknowledgedAt: null },
    ]);
    await hear(many, 1);
    expect(await raise()).toEqual({ raised: 0 });
  });

  it("accesses off hours", async () => {
    await changeOversightSettings(contextOf(admin!.actor), { offHours: 1 });
    await raise();
    expect(await raised("off_hours")).toEqual([]);
    // A minute that is over or still to come: all of today so far is outside.
    const minute = new Date().getHours() < 12 ? ["23:58", "23:59"] : ["00:00", "00:01"];
    await changeOversightSettings(contextOf(admin!.actor), { workFrom: minute[0], workTo: minute[1] });
    const late = await supervisor();
    await hear(late, 1);
    await raise();
    expect((await raised("off_hours")).map(({ userId }) => userId)).toContain(late.userId);
    await changeOversightSettings(contextOf(admin!.actor), { workFrom: "00:00", workTo: "24:00", offHours: 100 });
  });

  it("the same number, by a digest, with a recording that leads to its calls", async () => {
    await raise();
    expect(await raised("same_number")).toEqual([]);
    await changeOversightSettings(contextOf(admin!.actor), { sameNumber: 5 });
    await raise();
    const [alert, ...others] = await raised("same_number");
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ userId: null, threshold: 5, subject: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(alert!.evidence).toMatchObject({ recordingId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    await changeOversightSettings(contextOf(admin!.actor), { sameNumber: 100 });
  });

  it("refusals of one person, and not of two", async () => {
    const [one, other] = [await supervisor(), await supervisor()];
    const denial = auditEvent("access.denied", { outcome: "denied", details: { permission: "audit-event:list" } });
    await write(one, 1, denial);
    await write(other, 1, denial);
    await raise();
    expect(await raised("refusals")).toEqual([]);
    await write(one, 1, denial);
    await raise();
    expect(await raised("refusals")).toMatchObject([{ userId: one.userId, value: 2, threshold: 2 }]);
  });

  it("searches by number, whichever release writes their event", async () => {
    const searcher = await supervisor();
    const search = { ...auditEvent("subject_request.searched"), action: "recording.searched" as never };
    await write(searcher, 1, search);
    await raise();
    expect(await raised("number_searches")).toEqual([]);
    await write(searcher, 1, search);
    await raise();
    expect(await raised("number_searches")).toMatchObject([{ userId: searcher.userId, value: 2 }]);
  });

  it("a large export, and not a small one", async () => {
    const exported = (events: number) => auditEvent("audit_log.exported", { details: { events } });
    await write(auditor!, 1, exported(4));
    await raise();
    expect(await raised("large_export")).toEqual([]);
    await write(auditor!, 1, exported(5));
    await raise();
    expect(await raised("large_export")).toMatchObject([{ userId: auditor!.userId, value: 5, threshold: 5 }]);
  });
});

describe("rules about the portal", () => {
  it("a verification that found the log broken, and none that found it whole", async () => {
    const verified = (outcome: "success" | "failure") => auditEvent("audit_log.verified", { outcome });
    await write(auditor!, 1, verified("success"));
    await raise();
    expect(await raised("log_broken")).toEqual([]);
    await write(auditor!, 2, verified("failure"));
    await raise();
    expect(await raised("log_broken")).toMatchObject([{ subject: "audit_log.verified", value: 2, userId: null }]);
  });

  it("sealing that is held for five minutes, and not for less", async () => {
    await write(auditor!, 1, auditEvent("session.ended"));
    await raise();
    expect(await raised("sealing_held")).toEqual([]);
    const old = new Date(Date.now() - 6 * 60_000);
    await asAttacker((owner) => owner`update audit_events set occurred_at = ${old} where action = 'session.ended'`);
    await raise();
    expect(await raised("sealing_held")).toMatchObject([{ subject: "log", value: 6, threshold: 5 }]);
  });

  it("a failed check of the store, and none that held", async () => {
    await write(admin!, 1, auditEvent("storage.checked"));
    await raise();
    expect(await raised("store_check_failed")).toEqual([]);
    await write(admin!, 1, auditEvent("storage.checked", { outcome: "failure" }));
    await raise();
    expect(await raised("store_check_failed")).toMatchObject([{ subject: "storage.checked" }]);
  });

  it("a request past its deadline once, whatever the day, and none that has time", async () => {
    const { requestId } = await registerRequest(contextOf(dpo!.actor), letter());
    await raise();
    expect(await raised("request_overdue")).toEqual([]);
    const due = new Date(Date.now() - 3 * 86_400_000);
    await database().update(subjectRequests).set({ dueUntil: due }).where(eq(subjectRequests.id, requestId));
    await raise();
    await raise();
    expect(await raised("request_overdue")).toMatchObject([{ subject: requestId, day: today(due) }]);
  });
});

describe("an alert", () => {
  it("is an event, and one message for auditors and DPO without content", async () => {
    const who = await supervisor();
    await hear(who, 3);
    const context = alertJobContext();
    await raiseAlerts(context, {});
    const [event] = await eventsOf(context);
    expect(event).toMatchObject({
      action: "alert.raised",
      details: { rule: "many_accesses", aboutUserId: who.userId },
    });
    const told = await database().select().from(messages).where(eq(messages.referenceId, event!.targetId!));
    expect(told.map(({ template }) => template)).toEqual(["alert_raised", "alert_raised"]);
  });

  it("is raised once by two evaluations at the same time", async () => {
    await hear(await supervisor(), 3);
    const results = await Promise.all([raise(), raise(), raise()]);
    expect(results.reduce((sum, result) => sum + result.raised, 0)).toBe(1);
  });

  it("is acknowledged once, with a note that the log does not have, and not by the person it is about", async () => {
    const [alert] = await raised("large_export");
    const note = "Exportação pedida por Fulana para a ANPD";
    await expectRefusal(acknowledgeAlert(contextOf(auditor!.actor), { alertId: alert!.id, note }), "own_alert");
    const context = contextOf(dpo!.actor);
    await acknowledgeAlert(context, { alertId: alert!.id, note });
    const events = await eventsOf(context);
    expect(events).toMatchObject([{ action: "alert.acknowledged", targetId: alert!.id }]);
    expect(JSON.stringify(events)).not.toContain("Fulana");
    const again = contextOf(admin!.actor);
    await acknowledgeAlert(again, { alertId: alert!.id, note: "Outra nota" });
    expect(await eventsOf(again)).toEqual([]);
    const listed = (await listAlerts(contextOf(auditor!.actor), { state: "all" })).rows;
    expect(listed.find(({ id }) => id === alert!.id)).toMatchObject({ note, acknowledgedBy: "Pessoa dpo" });
    const open = (await listAlerts(contextOf(auditor!.actor), {})).rows;
    expect(open.some(({ id }) => id === alert!.id)).toBe(false);
    await expectRefusal(acknowledgeAlert(context, { alertId: newId(), note }), "not_found");
  });

  it("becomes an incident once, which says where it comes from", async () => {
    const [alert] = await raised("log_broken");
    const facts = {
      ...{ knownAt: "", occurredFrom: "", occurredTo: "", effect: "unknown" as const, criteria: [], dataKinds: [] },
      ...{ subjectsEstimated: "", circumstances: "Trilha violada", risks: "", measures: "", noticeReason: "" },
    };
    const context = contextOf(dpo!.actor);
    const { incidentId } = await registerIncident(context, { incidentId: newId(), alertId: alert!.id, ...facts });
    expect(await eventsOf(context)).toMatchObject([{ details: { alertId: alert!.id } }]);
    expect(await raised("log_broken")).toMatchObject([{ incidentId }]);
    expect((await readIncident(contextOf(dpo!.actor), { incidentId })).alertId).toBe(alert!.id);
    const second = registerIncident(contextOf(dpo!.actor), { incidentId: newId(), alertId: alert!.id, ...facts });
    await expectRefusal(second, "conflict");
    const unknown = registerIncident(contextOf(dpo!.actor), { incidentId: newId(), alertId: newId(), ...facts });
    await expectRefusal(unknown, "not_found");
  });

  it("is looked for every quarter of an hour", async () => {
    await enqueueAlertCheck(alertJobContext(), {});
    await enqueueAlertCheck(alertJobContext(), {});
    expect((await workOff("alert_check")).alert_check).toMatchObject({ failed: 0 });
    const [waiting, ...others] = await database().select().from(jobs).where(eq(jobs.kind, "alert_check"));
    expect(others).toEqual([]);
    expect(Math.round((waiting!.runAt.getTime() - Date.now()) / 60_000)).toBeGreaterThan(12);
  });
});
