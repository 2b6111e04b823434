import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createUser } from "@/lib/access/users/create-user";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { exportAuditLog } from "@/lib/audit/export-audit-log";
import { listAuditEvents } from "@/lib/audit/list-audit-events";
import type { Figure, FigureName, FigureSubject } from "@/lib/compliance/reports/figures/figure";
import { readFigures } from "@/lib/compliance/reports/figures/read-figures";
import { changeOversightSettings } from "@/lib/compliance/oversight/change-oversight-settings";
import { today } from "@/lib/core/time";
import { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import { grantDownload, grantPlayback } from "@/lib/playback/grant-playback";
import { recordBytesSent } from "@/lib/playback/record-bytes-sent";
import { reportHeard } from "@/lib/playback/report-heard";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { atDate } from "../../support/at-date";
import { clean, sealAll } from "../../support/deletions";
import { placedHold } from "../../support/placed-holds";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";
import { letter } from "../../support/subject-requests";

const zone = "America/Sao_Paulo";
const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
let [supervisor, dpo, admin, auditor]: Person[] = [];
let [unitId, otherUnitId]: string[] = [];
let figures: Figure[];
const reporter = () => contextOf({ type: "job", name: "audit-report" });
/** A Wednesday and the day before it, so that no day is a weekend. */
const days = { from: "2026-11-18", before: "2026-11-17" };
const at = (day: string, time: string) => new Date(`${day}T${time}:00-03:00`);

async function hear(who: Person, recordingId: string, purpose: "complaint_handling" | "training", send = true) {
  const grant = await grantPlayback(contextOf(who.actor), { recordingId, purpose, reference: "OS-1" });
  if (send)
    await recordBytesSent(contextOf(who.actor), { grantId: grant.grantId, start: 0, endExclusive: 10, isLast: true });
  return grant.grantId;
}

/** A day of work through the operations of the portal. */
async function work(day: string, plays: number, recordings: readonly string[]): Promise<void> {
  const [first, second] = recordings as [string, string];
  await atDate(at(day, "10:00"), async () => {
    for (let count = 0; count < plays; count += 1) await hear(supervisor!, first, "training");
    await hear(dpo!, second, "complaint_handling");
    await hear(dpo!, second, "complaint_handling", false);
    const failed = await hear(dpo!, first, "complaint_handling");
    await reportHeard(contextOf(dpo!.actor), { grantId: failed, from: 0, parts: [], failure: "undecodable" });
    const loaded = { recordingId: second, purpose: "legal_defence" as const, reference: "OS-2" };
    const { grantId } = await grantDownload(contextOf(dpo!.actor), loaded);
    await recordBytesSent(contextOf(dpo!.actor), { grantId, start: 0, endExclusive: 64, isLast: true });
    await expectRefusal(listAuditEvents(contextOf(supervisor!.actor), {}), "forbidden");
    await exportAuditLog(contextOf(auditor!.actor), { format: "csv" });
    await registerRequest(contextOf(dpo!.actor), letter());
  });
  await atDate(at(day, "22:00"), () => hear(supervisor!, second, "training"));
}

beforeAll(async () => {
  [unitId, otherUnitId] = [(await unitWithQueue()).unitId, (await unitWithQueue()).unitId];
  supervisor = await person("supervisor", { unitIds: [unitId!, otherUnitId!], name: "Ana; Souza" });
  [dpo, admin, auditor] = [await person("dpo"), await person("admin"), await person("auditor")];
  await policy(365);
  const calls = [await storedRecording({ unitId: unitId!, startedAt: daysAgo(40) })];
  calls.push(await storedRecording({ unitId: otherUnitId!, startedAt: daysAgo(41) }));
  const ids = calls.map(({ id }) => id);
  await changeOversightSettings(contextOf(admin.actor), { manyAccesses: 4, sameNumber: 5 });
  await work(days.before, 1, ids);
  await work(days.from, 4, ids);
  const { unitId: closed } = await unitWithQueue();
  await atDate(at(days.from, "11:00"), async () => {
    const made = { email: "nova@empresa.example", name: "Nova", role: "auditor" as const, unitIds: [] };
    const { userId } = await createUser(contextOf(admin!.actor), made);
    await deactivateUser(contextOf(admin!.actor), { userId });
    await placedHold(supervisor!, [ids[0]!]);
  });
  figures = await readFigures(reporter(), { from: days.from, to: days.from });
  // The database does not know of the other days: what was received on them is not older than an order.
  const gone = [
    await storedRecording({ unitId: closed, startedAt: daysAgo(50) }),
    await storedRecording({ unitId: closed, startedAt: daysAgo(51) }),
  ];
  await clean(closed, 2);
  await sealAll();
  await issueRecordingReceipt(contextOf(auditor.actor), { recordingId: gone[0]!.id });
});

afterAll(() => owner.end());

/** The figure of the period and that of the period before; undefined if the report has no such figure. */
const figure = (name: FigureName, id?: string, kind?: FigureSubject["kind"]) => {
  const found = figures.find(
    (row) => row.name === name && row.of?.id === id && (kind === undefined || row.of?.kind === kind),
  );
  return found && [found.value, found.before];
};

/** Counts in both periods with SQL that shares nothing with the report. */
async function counted(sql: string): Promise<number[]> {
  const count = async (day: string) => {
    const text = sql.replaceAll("$day", `(e.occurred_at at time zone '${zone}')::date = '${day}'`);
    return Number((await owner.unsafe<{ n: string }[]>(text))[0]!.n);
  };
  return [await count(days.from), await count(days.before)];
}

const grants = `audit_events e join playback_grants g on g.id::text = e.details ->> 'grantId'
  and e.action in ('recording.play_granted', 'recording.download_granted')`;
const reached = `exists (select from audit_events s where s.details ->> 'grantId' = g.id::text
  and s.action in ('recording.played', 'recording.downloaded')) and g.play_failure is null`;

describe("figures of a report", () => {
  it.each([
    ["plays", undefined, `g.kind = 'play' and ${reached}`],
    ["downloads", undefined, `g.kind = 'download' and ${reached}`],
    ["unsentAccesses", undefined, "g.bytes_sent = '{}'"],
    ["failedPlays", undefined, "g.play_failure is not null"],
    ["plays", "training", `g.kind = 'play' and g.purpose = 'training' and ${reached}`],
    ["plays", "complaint_handling", `g.kind = 'play' and g.purpose = 'complaint_handling' and ${reached}`],
    ["downloads", "legal_defence", `g.kind = 'download' and g.purpose = 'legal_defence' and ${reached}`],
    ["offHours", undefined, `${reached} and to_char(e.occurred_at at time zone '${zone}', 'HH24') >= '20'`],
  ] as const)("%s %s are those of the log", async (name, id, condition) => {
    const expected = await counted(`select count(*) n from ${grants} where ${condition} and $day`);
    expect(expected[0]).toBeGreaterThan(0);
    expect(figure(name, id)).toEqual(expected);
  });

  it("plays and downloads by person and by unit are those of the log", async () => {
    for (const { userId } of [supervisor!, dpo!]) {
      const where = `g.kind = 'play' and ${reached} and g.user_id = '${userId}' and $day`;
      expect(figure("plays", userId)).toEqual(await counted(`select count(*) n from ${grants} where ${where}`));
    }
    for (const id of [unitId!, otherUnitId!]) {
      const where = `g.kind = 'play' and ${reached} and r.unit_id = '${id}' and $day`;
      const joined = `${grants} join recordings r on r.id = g.recording_id`;
      expect(figure("plays", id)).toEqual(await counted(`select count(*) n from ${joined} where ${where}`));
    }
    expect(figure("plays", admin!.userId)).toBeUndefined();
  });

  it("tell who accessed much in a short time, and a number that was accessed often", async () => {
    expect(figure("mostWithinHour")).toEqual([4, 2]);
    expect(figure("peopleWithMany")).toEqual([1, 0]);
    expect(figure("mostWithinHour", supervisor!.userId)).toEqual([4, 0]);
    expect(figure("mostWithinHour", dpo!.userId)).toBeUndefined();
    expect(figure("numbersOften")).toEqual([1, 0]);
    expect(figure("mostOfNumber")).toEqual([7, 4]);
  });

  it("of events count every kind, with and without success, in one part each", async () => {
    for (const action of ["user.created", "user.deactivated", "legal_hold.placed", "audit_log.exported"]) {
      const expected = await counted(`select count(*) n from audit_events e where action = '${action}' and $day`);
      expect(figure("events", action), action).toEqual(expected);
      expect(expected[0], action).toBeGreaterThan(0);
    }
    const denied = await counted("select count(*) n from audit_events e where action = 'access.denied' and $day");
    expect(figure("failedEvents", "access.denied")).toEqual(denied);
    expect(figure("denials", supervisor!.userId)).toEqual(denied);
    expect(figure("logEvents")).toEqual(await counted("select count(*) n from audit_events e where $day"));
    expect(figure("events", "recording.played")).toBeUndefined();
  });

  it("of rights name who changed them", async () => {
    const rows = figures.filter(({ name, section }) => name === "eventsBy" && section === "rights");
    expect(rows).toMatchObject([{ of: { kind: "user", id: admin!.userId }, value: 2, before: 0 }]);
  });

  it("of deletions tell those with a receipt from the others", async () => {
    const todays = await readFigures(reporter(), { from: today(), to: today() });
    const rows = todays.filter(({ section, of }) => section === "deletions" && of?.kind !== "action");
    expect(rows.map(({ name, of, value, before }) => [name, of?.id ?? "", value, before])).toEqual([
      ...[
        ["deletedRecordings", "", 2, 0],
        ["deletedRecordings", "deletion_order", 2, 0],
      ],
      ...[
        ["withReceipt", "", 1, 0],
        ["withoutReceipt", "", 1, 0],
      ],
    ]);
    const deleted = await owner`select 1 from audit_events where action = 'recording.deleted'`;
    expect(todays.find(({ of }) => of?.id === "recording.deleted")).toMatchObject({ value: deleted.length });
  });

  it("of holds and requests show how they stood at the end of each period", async () => {
    const holds = (await readFigures(reporter(), { from: today(), to: today() })).find(
      (row) => row.name === "holdsInForce",
    );
    expect(holds).toMatchObject({ value: 1, before: 0 });
    expect(figure("holdsInForce")).toEqual([0, 0]);
    const received = async (day: string) => {
      const rows = await owner`select 1 from subject_request_rights t join subject_requests r on r.id = t.request_id
        where (r.received_at at time zone ${zone})::date = ${day}`;
      return rows.length;
    };
    expect(figure("received")).toEqual([await received(days.from), await received(days.before)]);
    expect(figure("openAtEnd")).toEqual([2, 1]);
    expect(figure("answered")).toEqual([0, 0]);
  });

  it("are none of a period without events, and only a job reads them", async () => {
    const empty = await readFigures(reporter(), { from: "2020-02-01", to: "2020-02-29" });
    expect(empty.filter(({ value, before }) => value !== 0 || before !== 0)).toEqual([]);
    await expectRefusal(readFigures(contextOf(dpo!.actor), { from: days.from, to: days.from }), "forbidden");
  });
});

describe("the settings", () => {
  it("change what a form sends, tell the log what, and a repetition changes nothing", async () => {
    const context = contextOf(dpo!.actor);
    const change = { schedules: ["none" as const, "quarterly" as const], workFrom: "08:00", workTo: "18:30" };
    await changeOversightSettings(context, change);
    expect(await eventsOf(context)).toMatchObject([
      {
        action: "oversight.settings_changed",
        details: { schedules: ["quarterly"], workFrom: "08:00", workTo: "18:30" },
      },
    ]);
    const again = contextOf(dpo!.actor);
    await changeOversightSettings(again, change);
    expect(await eventsOf(again)).toEqual([]);
    await expectRefusal(changeOversightSettings(again, { workFrom: "19:00" }), "invalid_input", {
      workTo: "before_start",
    });
    await expectRefusal(changeOversightSettings(contextOf(auditor!.actor), change), "forbidden");
  });
});
