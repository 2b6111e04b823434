import { beforeAll, describe, expect, it } from "vitest";
import { addAffectedRecordings } from "@/lib/compliance/incidents/add-affected-recordings";
import { addOwnHoliday } from "@/lib/compliance/incidents/add-own-holiday";
import { changeIncident } from "@/lib/compliance/incidents/change-incident";
import { closeIncident } from "@/lib/compliance/incidents/close-incident";
import { draftNotices } from "@/lib/compliance/incidents/draft-notices";
import { listIncidents } from "@/lib/compliance/incidents/list-incidents";
import { listOwnHolidays } from "@/lib/compliance/incidents/list-own-holidays";
import { readIncident } from "@/lib/compliance/incidents/read-incident";
import { recordNotice } from "@/lib/compliance/incidents/record-notice";
import { registerIncident } from "@/lib/compliance/incidents/register-incident";
import { removeOwnHoliday } from "@/lib/compliance/incidents/remove-own-holiday";
import { newId } from "@/lib/core/new-id";
import { localDateTime, today } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { incidents } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { recordAuditEvents } from "@/lib/operation/event-append";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";

let [dpo, auditor]: Person[] = [];
const asDpo = () => contextOf(dpo!.actor);
const read = (incidentId: string) => readIncident(contextOf(auditor!.actor), { incidentId });

beforeAll(async () => {
  [dpo, auditor] = [await person("dpo"), await person("auditor")];
  await policy(365);
});

const facts = {
  ...{ knownAt: "", occurredFrom: "", occurredTo: "", effect: "unknown" as const, criteria: [], dataKinds: [] },
  ...{ subjectsEstimated: "", circumstances: "Notebook de Fulana furtado", risks: "", measures: "", noticeReason: "" },
};

async function registered(changed: object = {}): Promise<string> {
  const incidentId = newId();
  await registerIncident(asDpo(), { incidentId, ...facts, ...changed });
  return incidentId;
}

const notice = (incidentId: string, kind: "anpd" | "subjects_individual") => ({
  ...{ noticeId: newId(), incidentId, kind, sentAt: localDateTime(new Date(), "America/Sao_Paulo") },
  ...{ reference: "Protocolo 123", text: "Comunicado enviado hoje", subjectsTold: "12", shownUntil: "" },
});

describe("the register", () => {
  it("numbers incidents without gaps, also when they come at once, and a form sent twice is one", async () => {
    const ids = [newId(), newId(), newId()];
    await Promise.all([...ids, ids[0]!].map((incidentId) => registerIncident(asDpo(), { incidentId, ...facts })));
    const numbers = (await listIncidents(asDpo(), {})).rows.map(({ number }) => number);
    expect(numbers.toSorted()).toEqual([1, 2, 3]);
  });

  it("keeps texts encrypted and out of the log", async () => {
    const context = asDpo();
    const incidentId = newId();
    await registerIncident(context, { incidentId, ...facts, risks: "Fraude contra Fulana" });
    const events = await eventsOf(context);
    expect(events).toMatchObject([{ action: "incident.registered", targetId: incidentId }]);
    expect(JSON.stringify(events)).not.toContain("Fulana");
    const rows = await database().select().from(incidents);
    expect(rows.some(({ circumstancesEncrypted }) => circumstancesEncrypted.includes("Fulana"))).toBe(false);
    expect(await read(incidentId)).toMatchObject({ circumstances: facts.circumstances, risks: "Fraude contra Fulana" });
  });

  it("refuses a time in the future and an end before the start", async () => {
    const refused = (changed: object, fields: Record<string, string>) =>
      expectRefusal(registerIncident(asDpo(), { incidentId: newId(), ...facts, ...changed }), "invalid_input", fields);
    await refused({ knownAt: "2099-01-01T10:00" }, { knownAt: "in_the_future" });
    await refused({ knownAt: "ontem" }, { knownAt: "not_a_time" });
    await refused({ occurredFrom: "2026-01-02T10:00", occurredTo: "2026-01-01T10:00" }, { occurredTo: "before_start" });
  });

  it("changes the version that the form was opened with, and tells which time was said before", async () => {
    const incidentId = await registered({ knownAt: "2026-03-02T10:00" });
    const context = asDpo();
    await changeIncident(context, { incidentId, version: 1, ...facts, knownAt: "2026-03-03T10:00" });
    expect(await eventsOf(context)).toMatchObject([
      {
        action: "incident.changed",
        details: { knownAtBefore: "2026-03-02T13:00:00.000Z", knownAt: "2026-03-03T13:00:00.000Z" },
      },
    ]);
    await expectRefusal(changeIncident(asDpo(), { incidentId, version: 1, ...facts }), "conflict");
    await expectRefusal(changeIncident(asDpo(), { incidentId: newId(), version: 1, ...facts }), "not_found");
  });
});

describe("the clock", () => {
  it("does not run while it is only suspected", async () => {
    expect((await read(await registered())).due).toBeNull();
  });

  it("ends after three and twenty business days, national and own holidays left out", async () => {
    const incidentId = await registered({
      knownAt: "2026-07-07T23:30",
      effect: "significant",
      criteria: ["financial"],
    });
    const days = async () => {
      const { due, isNotifiable } = await read(incidentId);
      expect(isNotifiable).toBe(true);
      return [due!.noticeUntil.toISOString(), due!.complementUntil.toISOString()];
    };
    expect(await days()).toEqual(["2026-07-11T03:00:00.000Z", "2026-08-05T03:00:00.000Z"]);
    const [added, removed] = [asDpo(), asDpo()];
    await addOwnHoliday(added, { day: "2026-07-09", name: "Revolução Constitucionalista" });
    await addOwnHoliday(asDpo(), { day: "2026-07-09", name: "Outro nome" });
    expect(await eventsOf(added)).toMatchObject([{ action: "holiday.added", details: { day: "2026-07-09" } }]);
    expect((await listOwnHolidays(asDpo(), {})).holidays).toHaveLength(1);
    expect(await days()).toEqual(["2026-07-14T03:00:00.000Z", "2026-08-06T03:00:00.000Z"]);
    await removeOwnHoliday(removed, { day: "2026-07-09" });
    expect(await eventsOf(removed)).toMatchObject([{ action: "holiday.removed" }]);
    expect((await days())[0]).toBe("2026-07-11T03:00:00.000Z");
  });
});

describe("affected recordings", () => {
  it("are those that an account heard on these days, each once; people are counted", async () => {
    const { unitId } = await unitWithQueue();
    const [first, second] = [
      await storedRecording({ unitId, startedAt: daysAgo(3) }),
      await storedRecording({ unitId, startedAt: daysAgo(2) }),
    ];
    const supervisor = await person("supervisor", { unitIds: [unitId] });
    for (const { id } of [first, first])
      await recordAuditEvents(
        contextOf(supervisor.actor),
        auditEvent("recording.play_granted", { target: { type: "recording", id } }),
      );
    const incidentId = await registered();
    const accessed = { how: "accessed_by" as const, actorId: supervisor.userId, from: today(), to: today() };
    const context = asDpo();
    expect(await addAffectedRecordings(context, { incidentId, search: accessed })).toEqual({ found: 1, added: 1 });
    expect(await eventsOf(context)).toMatchObject([
      { action: "incident.recordings_added", details: { recordingsAdded: 1 } },
    ]);
    expect(await addAffectedRecordings(asDpo(), { incidentId, search: accessed })).toEqual({ found: 1, added: 0 });
    const calls = { how: "unit_calls" as const, unitId, from: "2020-01-01", to: today() };
    expect(await addAffectedRecordings(asDpo(), { incidentId, search: calls })).toEqual({ found: 2, added: 1 });
    expect((await read(incidentId)).affected).toMatchObject({ recordings: 2, people: 1, withoutNumber: 0 });
    const nobody = { ...accessed, actorId: second.id };
    await expectRefusal(addAffectedRecordings(asDpo(), { incidentId, search: nobody }), "invalid_input", {
      search: "nothing_found",
    });
  });
});

describe("notices", () => {
  it("are drafted from the record, what nobody said in brackets", async () => {
    const incidentId = await registered({ dataKinds: ["voice"], measures: "Senha trocada" });
    const { anpd, subjects } = await draftNotices(asDpo(), { incidentId, locale: "pt-BR" });
    expect(anpd).toContain("Descrição e causa: Notebook de Fulana furtado");
    expect(anpd).toContain("Categorias de dados: Voz");
    expect(anpd).toContain("Data em que o controlador soube: [preencher]");
    expect(subjects).toContain("O que fizemos e faremos: Senha trocada");
  });

  it("are recorded once and never change; closing needs them, or a reason", async () => {
    const told = { knownAt: "2026-03-02T10:00", effect: "significant", criteria: ["sensitive"] };
    const incidentId = await registered(told);
    const close = () => closeIncident(asDpo(), { incidentId });
    await expectRefusal(close(), "incident_incomplete");
    const [first, again] = [asDpo(), asDpo()];
    const toAnpd = notice(incidentId, "anpd");
    await recordNotice(first, toAnpd);
    await recordNotice(again, toAnpd);
    expect(await eventsOf(first)).toMatchObject([
      { action: "incident.notice_recorded", details: { noticeKind: "anpd" } },
    ]);
    expect(await eventsOf(again)).toEqual([]);
    await expectRefusal(close(), "incident_incomplete");
    await recordNotice(asDpo(), notice(incidentId, "subjects_individual"));
    const closing = asDpo();
    await closeIncident(closing, { incidentId });
    expect(await eventsOf(closing)).toMatchObject([
      { action: "incident.closed", details: { notifiable: true, everybodyTold: true } },
    ]);
    expect((await read(incidentId)).notices.map(({ kind, reference }) => [kind, reference])).toEqual([
      ["subjects_individual", "Protocolo 123"],
      ["anpd", "Protocolo 123"],
    ]);
    await expectRefusal(close(), "conflict");
    await expectRefusal(recordNotice(asDpo(), notice(incidentId, "anpd")), "conflict");
    await expectRefusal(changeIncident(asDpo(), { incidentId, version: 1, ...facts }), "conflict");
  });

  it("are not needed where the effect is not significant, with the reason", async () => {
    const decided = { knownAt: "2026-03-02T10:00", effect: "not_significant" };
    const [without, withReason] = [
      await registered(decided),
      await registered({ ...decided, noticeReason: "Disco criptografado" }),
    ];
    await expectRefusal(closeIncident(asDpo(), { incidentId: without }), "incident_incomplete");
    await closeIncident(asDpo(), { incidentId: withReason });
    expect((await read(withReason)).closedBy).toBe("Pessoa dpo");
  });
});
