import { asc, eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { subjectRequestEvents, subjectRequestRights, subjectRequests, users } from "@/lib/db/schema";
import type { ProcessState } from "@/lib/db/schema/subject-request-words";
import { assignRequest } from "@/lib/subject-requests/assign-request";
import { listRequests } from "@/lib/subject-requests/list-requests";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { readRequest } from "@/lib/subject-requests/read-request";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { reopenRequest } from "@/lib/subject-requests/reopen-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { letter, processesOf } from "../../support/subject-requests";

let dpo: Person;
let auditor: Person;

const again = ({ actor }: Person) => contextOf(actor);
const register = (input: Parameters<typeof letter>[0] = {}) => registerRequest(again(dpo), letter(input));
const statesOf = async (requestId: string) =>
  Object.fromEntries((await processesOf(requestId)).map(({ right, state }) => [right, state]));
const eventKinds = async (requestId: string) =>
  (
    await database()
      .select()
      .from(subjectRequestEvents)
      .where(eq(subjectRequestEvents.requestId, requestId))
      .orderBy(asc(subjectRequestEvents.id))
  ).map(({ kind, stateFrom, stateTo }) => [kind, stateFrom, stateTo]);

/** As the later steps of a process leave it. */
async function leave(processId: string, state: ProcessState, answeredAt: Date | null = null): Promise<void> {
  const closedAt = state === "closed" ? new Date() : null;
  await database()
    .update(subjectRequestRights)
    .set({ state, answeredAt, closedAt })
    .where(eq(subjectRequestRights.id, processId));
}

beforeAll(async () => {
  [dpo, auditor] = await Promise.all([person("dpo"), person("auditor")]);
});

describe("steps", () => {
  it("move each right, with an event in the history and in the log", async () => {
    const { requestId, protocol } = await register({ rights: ["confirmation", "deletion"] });
    const starting = again(dpo);
    expect(await moveRights(starting, { step: "start", requestId })).toEqual({ requestId, moved: 2 });
    expect(await statesOf(requestId)).toEqual({ confirmation: "verifying_identity", deletion: "verifying_identity" });
    expect(await eventKinds(requestId)).toEqual([
      ["registered", null, null],
      ["start", "received", "verifying_identity"],
      ["start", "received", "verifying_identity"],
    ]);
    const details = { protocol, step: "start", stateFrom: "received", stateTo: "verifying_identity" };
    expect((await eventsOf(starting)).map((event) => event.details)).toEqual([
      { ...details, right: "confirmation" },
      { ...details, right: "deletion" },
    ]);
  });

  it("that the table does not have are refused, and change nothing", async () => {
    const { requestId } = await register();
    await moveRights(again(dpo), { step: "start", requestId });
    const before = await processesOf(requestId);
    await expectRefusal(moveRights(again(dpo), { step: "start", requestId }), "conflict");
    const processIds = before.map(({ id }) => id);
    const reason = "Resposta incompleta";
    await expectRefusal(reopenRequest(again(dpo), { requestId, processIds, reason }), "conflict");
    await leave(processIds[0]!, "executing");
    await expectRefusal(moveRights(again(dpo), { step: "withdraw", requestId, reason: "Por telefone" }), "conflict");
    expect(await eventKinds(requestId)).toHaveLength(2);
  });

  it("taken twice at once are taken once", async () => {
    const { requestId } = await register();
    const ends = await Promise.allSettled(
      Array.from({ length: 4 }, () => moveRights(again(dpo), { step: "start", requestId })),
    );
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await eventKinds(requestId)).toHaveLength(2);
  });

  it("of one right leave the others, and none moves a right of another request", async () => {
    const [one, other] = [await register({ rights: ["correction", "objection"] }), await register()];
    const [process] = (await processesOf(one.requestId)).filter(({ right }) => right === "objection");
    await moveRights(again(dpo), { step: "start", requestId: one.requestId, processIds: [process!.id] });
    expect(await statesOf(one.requestId)).toEqual({ correction: "received", objection: "verifying_identity" });
    await expectRefusal(
      moveRights(again(dpo), { step: "start", requestId: other.requestId, processIds: [process!.id] }),
      "not_found",
    );
  });

  it("that need the person keep the reason encrypted; an auditor sees the step alone", async () => {
    const { requestId } = await register();
    const reason = "Maria desistiu por telefone";
    await moveRights(again(dpo), { step: "withdraw", requestId, reason });
    const whole = await readRequest(again(dpo), { requestId });
    expect(whole.events.at(-1)).toMatchObject({ kind: "withdraw", reason, right: "full_declaration" });
    const masked = await readRequest(again(auditor), { requestId });
    expect(masked.events.at(-1)).toMatchObject({ kind: "withdraw", reason: null, actor: "Pessoa dpo" });
    const rows = await database().execute(
      sql`select e::text as text from subject_request_events e where request_id = ${requestId}`,
    );
    expect(JSON.stringify(rows)).not.toMatch(/desistiu/);
  });
});

describe("a withdrawn request", () => {
  it("leaves the open list, and comes back when it is reopened, with its own clock", async () => {
    const { requestId } = await register({ rights: ["portability"], receivedAt: "2024-11-10T10:00:00" });
    const [before] = await processesOf(requestId);
    await moveRights(again(dpo), { step: "withdraw", requestId, reason: "Por e-mail" });
    const ended = await listRequests(again(dpo), { view: "ended" });
    expect(ended.rows.map(({ id }) => id)).toContain(requestId);
    await reopenRequest(again(dpo), { requestId, processIds: [before!.id], reason: "Cancelada por engano" });
    expect(await processesOf(requestId)).toMatchObject([{ state: "reopened", dueUntil: before!.dueUntil }]);
    expect((await listRequests(again(dpo), {})).rows.map(({ id }) => id)).toContain(requestId);
  });
});

describe("a reopened request", () => {
  it("that was answered gets a new clock of the same days, and is open and not closed", async () => {
    const { requestId } = await register({ rights: ["portability"], receivedAt: "2024-01-10T10:00:00" });
    const [before] = await processesOf(requestId);
    await leave(before!.id, "closed", new Date("2024-01-20T12:00:00Z"));
    await database()
      .update(subjectRequests)
      .set({ isOpen: false, closedAt: new Date() })
      .where(eq(subjectRequests.id, requestId));
    const now = Date.now();
    await reopenRequest(again(dpo), { requestId, processIds: [before!.id], reason: "Reclamação no Procon" });
    const [process] = await processesOf(requestId);
    expect(process).toMatchObject({ state: "reopened", closedAt: null, days: 15 });
    const days = (process!.dueUntil.getTime() - now) / 86_400_000;
    expect(days).toBeGreaterThan(14);
    expect(days).toBeLessThanOrEqual(16);
    const request = await readRequest(again(dpo), { requestId });
    expect(request).toMatchObject({ isOpen: true, closedAt: null, dueUntil: process!.dueUntil });
  });

  it("that was not answered since keeps its clock, and gets a new one only for a new answer", async () => {
    const { requestId } = await register({ rights: ["portability"], receivedAt: "2024-01-10T10:00:00" });
    const { id } = (await processesOf(requestId))[0]!;
    const reopen = async () => {
      await reopenRequest(again(dpo), { requestId, processIds: [id], reason: "Reclamação no Procon" });
      return (await processesOf(requestId))[0]!;
    };
    await leave(id, "answered", new Date("2024-01-20T12:00:00Z"));
    expect(await reopen()).toMatchObject({ state: "reopened", answeredAt: null });
    // As if that had been weeks ago.
    const dueUntil = new Date("2024-03-02T03:00:00Z");
    await database().update(subjectRequestRights).set({ dueUntil }).where(eq(subjectRequestRights.id, id));
    await moveRights(again(dpo), { step: "withdraw", requestId, reason: "Por e-mail" });
    expect(await reopen()).toMatchObject({ state: "reopened", dueUntil });
    await leave(id, "answered", new Date("2024-03-01T12:00:00Z"));
    expect((await reopen()).dueUntil.getTime()).toBeGreaterThan(Date.now());
    expect((await eventKinds(requestId)).map(([kind]) => kind)).toEqual([
      ...["registered", "reopen", "withdraw", "reopen", "reopen"],
    ]);
  });

  it("must not have been emptied", async () => {
    const { requestId } = await register();
    const [process] = await processesOf(requestId);
    await leave(process!.id, "closed", new Date());
    const nothing = {
      subjectNameEncrypted: null,
      wordsEncrypted: null,
      answerAddressEncrypted: null,
      formDigest: null,
    };
    await database()
      .update(subjectRequests)
      .set({ ...nothing, isOpen: false, closedAt: new Date(), emptiedAt: new Date() })
      .where(eq(subjectRequests.id, requestId));
    const reopening = { requestId, processIds: [process!.id], reason: "Reclamação no Procon" };
    await expectRefusal(reopenRequest(again(dpo), reopening), "conflict");
    expect(await readRequest(again(dpo), { requestId })).toMatchObject({ subjectName: null, words: null });
  });
});

describe("an assignment", () => {
  it("names an active DPO, once, and nobody else", async () => {
    const { requestId } = await register();
    const [other, supervisor, gone] = await Promise.all([person("dpo"), person("supervisor"), person("dpo")]);
    await database().update(users).set({ active: false }).where(eq(users.id, gone.userId));
    const assign = (assigneeId: string | null, assigneeIdBefore: string | null, context = again(dpo)) =>
      assignRequest(context, { requestId, assigneeId, assigneeIdBefore });
    const context = again(dpo);
    await assign(other.userId, null, context);
    await assign(other.userId, null);
    expect(await eventsOf(context)).toMatchObject([{ action: "subject_request.assigned", targetId: requestId }]);
    expect(await eventKinds(requestId)).toHaveLength(2);
    for (const { userId } of [supervisor, gone])
      await expectRefusal(assign(userId, other.userId), "invalid_input", { assigneeId: "unknown" });
    await expectRefusal(assign(dpo.userId, null), "conflict");
    const mine = await listRequests(again(other), { assigneeId: other.userId });
    expect(mine.rows.map(({ id, assignee }) => [id, assignee])).toEqual([[requestId, "Pessoa dpo"]]);
    await assign(null, other.userId);
    expect((await listRequests(again(other), { assigneeId: other.userId })).rows).toEqual([]);
  });
});

describe("the list", () => {
  it("has what is due first, page by page in both directions, with the filters of the desk", async () => {
    const owner = await person("dpo");
    const received = ["2024-03-09", "2024-03-01", "2024-03-05", "2024-03-05"];
    const ids: string[] = [];
    for (const day of received) {
      const { requestId } = await register({ receivedAt: `${day}T10:00:00`, channel: "phone", rights: ["objection"] });
      await assignRequest(again(dpo), { requestId, assigneeId: owner.userId, assigneeIdBefore: null });
      ids.push(requestId);
    }
    const expected = [ids[1], ...[ids[2], ids[3]].toSorted(), ids[0]];
    const page = (input: Parameters<typeof listRequests>[1]) =>
      listRequests(again(dpo), { assigneeId: owner.userId, limit: 2, ...input });
    const first = await page({});
    const second = await page({ after: first.after! });
    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(expected);
    expect([first.before, second.after]).toEqual([null, null]);
    expect((await page({ before: second.before! })).rows).toEqual(first.rows);

    await moveRights(again(dpo), { step: "start", requestId: ids[0]! });
    const found = async (input: Parameters<typeof listRequests>[1]) =>
      (await page({ limit: 10, ...input })).rows.map(({ id }) => id);
    expect(await found({ state: "verifying_identity" })).toEqual([ids[0]]);
    expect(await found({ state: "received", right: "objection" })).toEqual(expected.slice(0, 3));
    expect(await found({ right: "deletion" })).toEqual([]);
    expect(await found({ channel: "letter" })).toEqual([]);
    expect(await found({ view: "overdue" })).toEqual(expected);
    expect(await found({ view: "ended" })).toEqual([]);
    expect(await found({ assigneeId: "none" })).not.toContain(ids[0]);
  });

  it("finds one request by its protocol as people type it, and refuses what is none", async () => {
    const { requestId, protocol } = await register();
    const typed = `${protocol.slice(0, 4)} ${protocol.slice(4, 8)}.${protocol.slice(8, 14)}-${protocol.slice(14)}`;
    const found = await listRequests(again(auditor), { protocol: typed });
    expect(found.rows.map(({ id, subjectName }) => [id, subjectName])).toEqual([[requestId, null]]);
    const wrong = protocol.slice(0, 14) + ((Number(protocol[14]) + 1) % 10);
    await expectRefusal(listRequests(again(dpo), { protocol: wrong }), "invalid_input", { protocol: "not_a_protocol" });
  });

  it("shows a name to the DPO only", async () => {
    const { requestId, protocol } = await register();
    const [whole, masked] = [
      await listRequests(again(dpo), { protocol }),
      await listRequests(again(auditor), { protocol }),
    ];
    expect(whole.rows).toMatchObject([{ id: requestId, subjectName: "Maria Aparecida de Souza" }]);
    expect(masked.rows).toMatchObject([{ id: requestId, subjectName: null, rights: [{ right: "full_declaration" }] }]);
  });
});

it("the portal's own role deletes no request, and changes of an event only its text", async () => {
  const { requestId } = await register();
  const statements = [
    sql`delete from subject_requests where id = ${requestId}`,
    sql`delete from subject_request_rights where request_id = ${requestId}`,
    sql`delete from subject_request_events where request_id = ${requestId}`,
    sql`update subject_request_events set kind = 'close' where request_id = ${requestId}`,
    sql`update subject_request_deadlines set days = 0`,
  ];
  for (const statement of statements)
    await expect(database().execute(statement)).rejects.toMatchObject({ cause: { code: "42501" } });
  await database().execute(sql`update subject_request_events set emptied_at = now() where request_id = ${requestId}`);
});
