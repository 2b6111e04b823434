import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import postgres from "postgres";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import {
  auditEvents,
  jobs,
  messages,
  subjectRequestAnswers,
  subjectRequestCodes,
  subjectRequestDecisions,
  subjectRequestEvents,
  subjectRequestIdentifiers,
  subjectRequestIdentityChecks,
  subjectRequestMatches,
  subjectRequestRights,
  subjectRequests,
  subjectRequestSearches,
  subjectRequestSharerTasks,
} from "@/lib/db/schema";
import { drain } from "@/lib/jobs/drain";
import { jobContext } from "@/lib/operation/job-context";
import { assignRequest } from "@/lib/subject-requests/assign-request";
import { decideMatches } from "@/lib/subject-requests/finding/decide-matches";
import { findRecordings } from "@/lib/subject-requests/finding/find-recordings";
import { confirmIdentity } from "@/lib/subject-requests/identity/confirm-identity";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { sendCode } from "@/lib/subject-requests/public-page/send-code";
import { readRequest } from "@/lib/subject-requests/read-request";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { emptyRequests } from "@/lib/subject-requests/retention/empty-requests";
import { enqueueRequestRetention } from "@/lib/subject-requests/retention/enqueue-request-retention";
import { requestRetentionJob } from "@/lib/subject-requests/retention/request-retention-job";
import { contextOf, expectRefusal, person, type Person } from "../../support/actors";
import { atDate } from "../../support/at-date";
import { anybody, publicForm, requestOf, submit } from "../../support/public-requests";
import { policy, storedRecording, unitWithQueue } from "../../support/recordings";
import { letter, processesOf } from "../../support/subject-requests";
import { numberColumns } from "@/lib/recordings/customer-number";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { recordings } from "@/lib/db/schema";

let dpo: Person;
const again = () => contextOf(dpo.actor);
const empty = () => emptyRequests(jobContext("request-retention"), {});
const runAt = (day: string) => atDate(new Date(`${day}T12:00:00-03:00`), empty);
const stateOf = async (requestId: string) =>
  (await database().select().from(subjectRequests).where(eq(subjectRequests.id, requestId)))[0]!;
const isEmpty = async (requestId: string) => (await stateOf(requestId)).emptiedAt !== null;

beforeAll(async () => {
  dpo = await person("dpo");
  await policy(3650);
});

/** A letter that was withdrawn and closed at this time. */
async function closedRequest(closedAt: string, input: Parameters<typeof letter>[0] = {}): Promise<string> {
  const { requestId } = await registerRequest(again(), letter(input));
  await moveRights(again(), { requestId, step: "withdraw", reason: "Pediu por telefone" });
  await moveRights(again(), { requestId, step: "close" });
  await setTimes(requestId, { closed_at: closedAt });
  return requestId;
}

/** Sets times that only years would. */
async function setTimes(requestId: string, times: Record<string, string>): Promise<void> {
  for (const [column, time] of Object.entries(times))
    await database().execute(
      sql`update subject_requests set ${sql.identifier(column)} = ${time}::timestamptz where id = ${requestId}`,
    );
}

/** All that the database holds of a request, as the owner reads it. */
async function everythingOf(requestId: string): Promise<string> {
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  try {
    const tables = await owner<{ name: string }[]>`select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'request_id' and table_name like 'subject_request%'`;
    const parts = [
      await owner`select * from subject_requests where id = ${requestId}`,
      await owner`select * from messages where reference_id = ${requestId}`,
    ];
    for (const { name } of tables)
      parts.push(await owner`select * from ${owner(name)} where request_id = ${requestId}`);

    // The digest of a letter proves which one was sent.
    return JSON.stringify(parts, (name, value: unknown) => (name === "pdf_sha256" ? undefined : value));
  } finally {
    await owner.end();
  }
}

/** A request whose every table has something of the person. */
async function fullRequest(): Promise<string> {
  const unit = await unitWithQueue();
  const number = "(11) 98765-4321";
  const { id } = await storedRecording({ unitId: unit.unitId, startedAt: new Date("2026-03-10T13:00:00Z") });
  await database()
    .update(recordings)
    .set(numberColumns(readNumber(number)))
    .where(eq(recordings.id, id));
  const form = publicForm({ numbers: number, taxId: "529.982.247-25", words: "Quero ouvir", periodFrom: "2026-03-01" });
  const { protocol, followUpCode } = await submit(form);
  const request = await requestOf({ protocol });
  const [identifier] = await database()
    .select()
    .from(subjectRequestIdentifiers)
    .where(eq(subjectRequestIdentifiers.requestId, request.id));
  await sendCode(anybody(), { protocol, followUpCode, target: identifier!.id, channel: "sms" });
  await moveRights(again(), { requestId: request.id, step: "start" });
  const proof = { method: "in_person" as const, document: "passport" as const, documentTail: "123" };
  const note = "Conferido com Maria";
  await confirmIdentity(again(), { requestId: request.id, checkId: newId(), ...proof, note });
  await findRecordings(again(), { requestId: request.id });
  const reason = "Voz conferida por Maria";
  await decideMatches(again(), { requestId: request.id, decision: "included", recordings: "all_exact", reason });
  await answered(request.id, id);
  await moveRights(again(), { requestId: request.id, step: "withdraw", reason: "Maria desistiu" });
  await moveRights(again(), { requestId: request.id, step: "close" });
  await database()
    .update(messages)
    .set({ state: "sent", endedAt: new Date() })
    .where(eq(messages.referenceId, request.id));
  return request.id;
}

/** A decision that is done, a letter, and somebody to be told. */
async function answered(requestId: string, recordingId: string): Promise<void> {
  const [bytes, { id: processId }] = [Buffer.from("Maria"), (await processesOf(requestId))[0]!];
  const base = { requestId, createdAt: new Date() };
  await database()
    .insert(subjectRequestDecisions)
    .values({
      ...{ ...base, id: newId(), processId, recordingId, measure: "delete", factEncrypted: bytes },
      ...{ decidedById: dpo.userId, doneAt: new Date(), result: "done" },
    });
  await database()
    .insert(subjectRequestAnswers)
    .values({
      ...{ ...base, id: newId(), number: newId(), processIds: [processId], locale: "pt-BR", statement: "assinado" },
      ...{ contentEncrypted: bytes, pdfEncrypted: bytes, pdfSha256: bytes, collectUntil: new Date() },
    });
  await database()
    .insert(subjectRequestSharerTasks)
    .values({ ...base, id: newId(), measure: "deletion", recordingIds: [recordingId], recipientEncrypted: bytes });
}

describe("a closed request", () => {
  it.each([
    ["2027-03-10T15:00:00Z", "2032-03-10", "2032-03-11"],
    // Late in the evening of the 9th, in the zone of the request.
    ["2027-03-10T02:59:00Z", "2032-03-09", "2032-03-10"],
    // A year without 29 February ends on 1 March (Civil Code, Art. 132, § 3).
    ["2028-02-29T15:00:00Z", "2033-03-01", "2033-03-02"],
  ])("closed at %s is kept on %s and emptied on %s", async (closedAt, lastDay, after) => {
    const requestId = await closedRequest(closedAt);
    await runAt(lastDay);
    expect(await isEmpty(requestId)).toBe(false);
    await runAt(after);
    expect(await isEmpty(requestId)).toBe(true);
  });

  it("keeps states, dates and counts, and nothing of the person", async () => {
    const requestId = await fullRequest();
    await setTimes(requestId, { closed_at: "2026-11-20T12:00:00Z" });
    const before = await processesOf(requestId);
    await runAt("2031-11-21");
    const request = await stateOf(requestId);
    expect(request).toMatchObject({
      ...{ recordingsIncluded: 1, recordingsExcluded: 0, formDigest: null, followUpDigest: null, periodFrom: null },
      ...{ subjectNameEncrypted: null, wordsEncrypted: null, answerAddressEncrypted: null },
    });
    expect(await processesOf(requestId)).toEqual(before);
    const tables = [subjectRequestMatches, subjectRequestCodes];
    for (const table of tables) expect(await database().$count(table, eq(table.requestId, requestId))).toBe(0);
    const emptied = [
      subjectRequestAnswers,
      subjectRequestDecisions,
      subjectRequestSharerTasks,
      subjectRequestEvents,
      subjectRequestIdentifiers,
      subjectRequestIdentityChecks,
      subjectRequestSearches,
    ];
    for (const table of emptied) {
      const rows = await database().select().from(table).where(eq(table.requestId, requestId));
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.every((row) => row.emptiedAt !== null)).toBe(true);
    }
    // Ciphertexts and digests are bytes: none is left anywhere.
    const all = await everythingOf(requestId);
    expect(all).not.toContain('"type":"Buffer"');
    const shown = await readRequest(again(), { requestId });
    expect(shown.events.at(-1)).toMatchObject({ kind: "emptied", actorType: "job" });
    expect(shown).toMatchObject({ subjectName: null, answerAddress: null, words: null });
  });

  it("is emptied once, and counted in the log", async () => {
    const requestId = await closedRequest("2026-11-20T12:00:00Z");
    const counted = () => database().$count(auditEvents, eq(auditEvents.action, "subject_request.emptied"));
    const before = await counted();
    await runAt("2031-11-21");
    expect(await isEmpty(requestId)).toBe(true);
    expect(await counted()).toBe(before + 1);
    expect(await runAt("2031-11-22")).toMatchObject({ emptied: 0 });
    expect(await counted()).toBe(before + 1);
    const [event] = await database()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, "subject_request.emptied"))
      .orderBy(sql`${auditEvents.occurredAt} desc`)
      .limit(1);
    expect(event!.details).toEqual({
      requests: 1,
      unproven: 0,
      mandatesPurged: 0,
      keptFor: "5 year",
      unprovenKeptFor: "30 day",
    });
  });

  it("can be changed no more", async () => {
    const requestId = await closedRequest("2026-11-20T12:00:00Z");
    await runAt("2031-11-21");
    const assign = { requestId, assigneeId: dpo.userId, assigneeIdBefore: null };
    await expectRefusal(assignRequest(again(), assign), "conflict");
  });

  it("is emptied again after a restore of an older backup", async () => {
    const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
    const requestId = await closedRequest("2026-11-20T12:00:00Z");
    const tables = ["subject_requests", "subject_request_identifiers", "subject_request_events"];
    const where = (table: string) => (table === "subject_requests" ? "id" : "request_id");
    const backup = new Map<string, postgres.Row[]>();
    for (const table of tables)
      backup.set(table, [...(await owner`select * from ${owner(table)} where ${owner(where(table))} = ${requestId}`)]);
    await runAt("2031-11-21");
    expect(await isEmpty(requestId)).toBe(true);
    await owner.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      for (const table of tables) {
        await tx`delete from ${tx(table)} where ${tx(where(table))} = ${requestId}`;
        for (const row of backup.get(table)!) await tx`insert into ${tx(table)} ${tx(row)}`;
      }
    });
    await owner.end();
    expect(await isEmpty(requestId)).toBe(false);
    await runAt("2031-11-22");
    expect(await isEmpty(requestId)).toBe(true);
    expect(await everythingOf(requestId)).not.toContain('"type":"Buffer"');
  });

  it("waits for a deletion that is still to come, and for one alone", async () => {
    const requestId = await closedRequest("2026-11-20T12:00:00Z");
    await database()
      .update(subjectRequestRights)
      .set({ outcome: "scheduled", scheduledFor: "2032-05-10" })
      .where(eq(subjectRequestRights.requestId, requestId));
    await runAt("2032-05-10");
    expect(await isEmpty(requestId)).toBe(false);
    await runAt("2032-05-11");
    expect(await isEmpty(requestId)).toBe(true);
  });

  it("waits for a deletion that was decided and that a hold stops", async () => {
    const requestId = await fullRequest();
    await setTimes(requestId, { closed_at: "2026-11-20T12:00:00Z" });
    const { requestId: ofRequest } = subjectRequestDecisions;
    const decide = (change: { result: "stopped" | "done"; doneAt: Date | null }) =>
      database()
        .update(subjectRequestDecisions)
        // The closure of a withdrawn right ended it.
        .set({ ...change, endedAt: null })
        .where(eq(ofRequest, requestId));
    await decide({ result: "stopped", doneAt: null });
    await runAt("2040-11-21");
    expect(await isEmpty(requestId)).toBe(false);
    await decide({ result: "done", doneAt: new Date() });
    await runAt("2040-11-21");
    expect(await isEmpty(requestId)).toBe(true);
  });

  it("keeps its matches until it is emptied: the database deletes no others", async () => {
    const requestId = await fullRequest();
    const { requestId: ofRequest } = subjectRequestMatches;
    const matches = () => database().$count(subjectRequestMatches, eq(ofRequest, requestId));
    const before = await matches();
    expect(before).toBeGreaterThan(0);
    await database().delete(subjectRequestMatches).where(eq(ofRequest, requestId));
    expect(await matches()).toBe(before);
  });
});

describe("a request that ended and that nobody closed", () => {
  it("counts from its last event, and is closed", async () => {
    const { requestId } = await registerRequest(again(), letter());
    await moveRights(again(), { requestId, step: "withdraw", reason: "Pediu por telefone" });
    await setTimes(requestId, { created_at: "2021-01-10T12:00:00Z" });
    await empty();
    expect(await isEmpty(requestId)).toBe(false);
    const { createdAt: last } = (
      await database().select().from(subjectRequestEvents).where(eq(subjectRequestEvents.requestId, requestId))
    ).at(-1)!;
    const fiveYears = new Date(last);
    fiveYears.setUTCFullYear(fiveYears.getUTCFullYear() + 5);
    await atDate(new Date(fiveYears.getTime() + 2 * 86_400_000), empty);
    expect(await isEmpty(requestId)).toBe(true);
    expect((await processesOf(requestId)).map(({ state }) => state)).toEqual(["closed"]);
  });
});

describe("a request of the public form that nobody proved", () => {
  const received = async (day: string) => {
    const request = await requestOf(await submit(publicForm({ answerChannel: "counter", answerAddress: "" })));
    await setTimes(request.id, { created_at: `${day}T15:00:00Z`, received_at: `${day}T15:00:00Z` });
    return request.id;
  };

  it("is withdrawn and emptied after 30 days", async () => {
    const requestId = await received("2026-12-01");
    await runAt("2026-12-31");
    expect(await isEmpty(requestId)).toBe(false);
    await runAt("2027-01-01");
    expect(await isEmpty(requestId)).toBe(true);
    expect(await stateOf(requestId)).toMatchObject({ isOpen: false, isUnproven: true });
    const kinds = (
      await database().select().from(subjectRequestEvents).where(eq(subjectRequestEvents.requestId, requestId))
    ).map(({ kind, actorType }) => `${actorType} ${kind}`);
    expect(kinds.filter((kind) => kind === "job withdraw")).toHaveLength(2);
    expect(kinds).toContain("job emptied");
  });

  it("stays if the desk works on it, or a line was proved", async () => {
    const [workedOn, proved] = [await received("2026-12-01"), await received("2026-12-01")];
    await assignRequest(again(), { requestId: workedOn, assigneeId: dpo.userId, assigneeIdBefore: null });
    await database().update(subjectRequests).set({ isUnproven: false }).where(eq(subjectRequests.id, proved));
    await runAt("2027-02-01");
    expect([await isEmpty(workedOn), await isEmpty(proved)]).toEqual([false, false]);
  });
});

describe("the job", () => {
  it("is asked for when something is due, works in batches, and is finished by the next run", async () => {
    const isAsked = () => database().$count(jobs, eq(jobs.kind, "request_retention"));
    const enqueue = () => enqueueRequestRetention(jobContext("request-retention"), {});
    await enqueue();
    expect(await isAsked()).toBe(0);
    const ids: string[] = [];
    for (let index = 0; index < 52; index += 1) ids.push(await closedRequest("2020-11-20T12:00:00Z"));
    await enqueue();
    expect(await isAsked()).toBe(1);
    // One batch, as a process that was killed after it leaves it.
    expect(await empty()).toMatchObject({ emptied: 50 });
    expect(await drain(30, { request_retention: requestRetentionJob })).toMatchObject({
      request_retention: { done: 1, failed: 0 },
    });
    expect(await Promise.all(ids.map(isEmpty))).toEqual(ids.map(() => true));
  });

  it("runs twice at once, and empties each request once", async () => {
    for (let index = 0; index < 5; index += 1) await closedRequest("2020-11-20T12:00:00Z");
    const ends = await Promise.all([empty(), empty(), empty()]);
    expect(ends.reduce((sum, { emptied }) => sum + emptied, 0)).toBe(5);
  });
});
