import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { agents, recordings, subjectRequestMatches, units } from "@/lib/db/schema";
import { numberColumns } from "@/lib/recordings/customer-number";
import { referenceColumns } from "@/lib/recordings/references/call-references";
import { confirmIdentity } from "@/lib/subject-requests/identity/confirm-identity";
import { decideMatches } from "@/lib/subject-requests/finding/decide-matches";
import { findRecordings } from "@/lib/subject-requests/finding/find-recordings";
import { listMatches, type MatchView } from "@/lib/subject-requests/finding/list-matches";
import { readSearches } from "@/lib/subject-requests/finding/read-searches";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { readRequest } from "@/lib/subject-requests/read-request";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { policy, storedRecording, unitWithQueue } from "../../support/recordings";
import { letter, processesOf } from "../../support/subject-requests";

let dpo: Person;
let auditor: Person;
let unit: Awaited<ReturnType<typeof unitWithQueue>>;
const again = ({ actor } = dpo) => contextOf(actor);

beforeAll(async () => {
  [dpo, auditor] = await Promise.all([person("dpo"), person("auditor")]);
  unit = await unitWithQueue();
  await policy(3650);
});

type Facts = { number?: string; protocol?: string; customerReference?: string; customerTaxId?: string };
type Placed = Partial<Parameters<typeof storedRecording>[0]> & Facts;

/** A recording in custody, of 10:00 of a day in March 2026 unless told. */
async function recorded({ number, protocol, customerReference, customerTaxId, ...call }: Placed = {}): Promise<string> {
  const { id } = await storedRecording({
    unitId: unit.unitId,
    startedAt: new Date("2026-03-10T13:00:00Z"),
    ...call,
  });
  await database()
    .update(recordings)
    .set({
      ...numberColumns(number === undefined ? null : readNumber(number)),
      ...referenceColumns({ protocol, customerReference, customerTaxId }),
    })
    .where(eq(recordings.id, id));
  return id;
}

type Input = Partial<Parameters<typeof letter>[0]> & { numbers?: string[] };

/** A request with a proved identity, whose recordings may be searched for. */
async function inTriage({ numbers = [], identifiers, ...input }: Input): Promise<string> {
  const given = identifiers ?? numbers.map((value) => ({ kind: "number" as const, value }));
  const { requestId } = await registerRequest(again(), letter({ ...input, identifiers: given }));
  await moveRights(again(), { requestId, step: "start" });
  const note = "Compareceu com documento";
  await confirmIdentity(again(), { requestId, checkId: newId(), method: "in_person", note });
  return requestId;
}

const find = (requestId: string, more: Partial<Parameters<typeof findRecordings>[1]> = {}) =>
  findRecordings(again(), { requestId, ...more });
const unitCode = async () => (await database().select().from(units).where(eq(units.id, unit.unitId)))[0]!.code;
const inView = async (requestId: string, view: MatchView) => (await listMatches(again(), { requestId, view })).rows;
const reasonsOf = async (requestId: string, view: MatchView) =>
  Object.fromEntries((await inView(requestId, view)).map(({ id, reasons }) => [id, reasons.toSorted()]));
const statesOf = async (requestId: string) => (await processesOf(requestId)).map(({ state }) => state);
const include = (requestId: string, chosen: string[] | "all_exact", decision: "included" | "excluded" = "included") =>
  decideMatches(again(), { requestId, decision, recordings: chosen, reason: "Confirmado com o titular" });

describe("finding", () => {
  it("by number takes its calls, and the same line before the ninth digit or read badly apart", async () => {
    const exact = await recorded({ number: "11 96001-0001" });
    const old = await recorded({ number: "11 6001-0001" });
    const unreadable = await recorded({ number: "96001-0001" });
    const other = await recorded({ number: "11 96001-0002" });
    const requestId = await inTriage({ numbers: ["(11) 96001-0001"] });
    const { searchedFor } = await find(requestId);
    expect(searchedFor.map(({ reason, found }) => [reason, found])).toEqual([
      ["number_exact", 1],
      ["number_old_mobile", 1],
      ["number_unreadable", 1],
    ]);
    expect(await reasonsOf(requestId, "exact")).toEqual({ [exact]: ["number_exact"] });
    expect(await reasonsOf(requestId, "candidate")).toEqual({
      [old]: ["number_old_mobile"],
      [unreadable]: ["number_unreadable"],
    });
    expect((await inView(requestId, "exact"))[0]).toMatchObject({ score: 80, isCandidate: false });
    expect(JSON.stringify(await inView(requestId, "candidate"))).not.toContain(other);
    expect(await statesOf(requestId)).toEqual(["finding"]);
  });

  it("by protocol, CPF and customer reference adds its reasons up, and takes the rest of the call", async () => {
    const facts = { protocol: "2026-778", customerReference: "C-99", customerTaxId: "529.982.247-25" };
    const sourceCallId = `call-${newId()}`;
    const all = await recorded({ ...facts, sourceCallId });
    const leg = await recorded({ number: "21 3333-4444", sourceCallId });
    const requestId = await inTriage({
      identifiers: [
        { kind: "protocol", value: "2026778" },
        { kind: "tax_id", value: "52998224725" },
        { kind: "customer_reference", value: "c99" },
        { kind: "email", value: "titular@example.com" },
      ],
    });
    expect((await find(requestId)).searchedFor).toHaveLength(3);
    expect(await reasonsOf(requestId, "exact")).toEqual({
      [all]: ["customer_reference", "protocol", "tax_id"],
      [leg]: ["same_call"],
    });
    const scores = Object.fromEntries((await inView(requestId, "exact")).map(({ id, score }) => [id, score]));
    expect(scores).toEqual({ [all]: 100, [leg]: 70 });
  });

  it("of staff takes the calls that the agent handled", async () => {
    const handled = await recorded({ agentId: unit.agentId });
    const requestId = await inTriage({});
    expect((await find(requestId, { agents: [{ unit: await unitCode(), agent: "a-1" }] })).searchedFor).toMatchObject([
      { reason: "agent", found: 1 },
    ]);
    expect(await reasonsOf(requestId, "exact")).toEqual({ [handled]: ["agent"] });
    const unknown = { agents: [{ unit: await unitCode(), agent: "a-2" }] };
    await expectRefusal(find(requestId, unknown), "invalid_input", { agents: "unknown" });
  });

  it("takes the days that the person named as the unit's clock shows them, and calls of a doubtful date", async () => {
    const manaus = newId();
    const zone = { code: `u-${manaus}`, name: "Manaus", timeZone: "America/Manaus" };
    await database()
      .insert(units)
      .values({ id: manaus, ...zone });
    const number = "11 96001-0003";
    // 23:30 of the 9th in Manaus is 00:30 of the 10th in São Paulo.
    const before = await recorded({ number, unitId: manaus, startedAt: new Date("2026-03-10T03:30:00Z") });
    const within = await recorded({ number, startedAt: new Date("2026-03-10T03:30:00Z") });
    const last = await recorded({ number, startedAt: new Date("2026-03-12T02:59:59Z") });
    const after = await recorded({ number, startedAt: new Date("2026-03-12T03:00:00Z") });
    const doubtful = await recorded({
      number,
      startedAt: new Date("2000-01-01T12:00:00Z"),
      dateDoubt: "past_retention",
    });
    const requestId = await inTriage({ numbers: [number], periodFrom: "2026-03-10", periodTo: "2026-03-11" });
    await find(requestId);
    const found = (await inView(requestId, "exact")).map(({ id }) => id);
    expect(found).toEqual([last, within, doubtful]);
    expect(found).not.toContain(before);
    expect(found).not.toContain(after);
  });

  it("by four digits needs a period, says so, and never makes more than candidates", async () => {
    const one = await recorded({ number: "11 96001-7731" });
    const requestId = await inTriage({ numbers: ["7731"] });
    expect((await find(requestId)).searchedFor).toMatchObject([
      { reason: "number_last_digits", found: 0, needsPeriod: true },
    ]);
    const limited = await inTriage({ numbers: ["7731"], periodFrom: "2026-03-10", periodTo: "2026-03-10" });
    expect((await find(limited)).searchedFor).toMatchObject([{ reason: "number_last_digits", found: 1 }]);
    expect(await reasonsOf(limited, "candidate")).toEqual({ [one]: ["number_last_digits"] });
    expect(await include(limited, "all_exact")).toMatchObject({ decided: 0 });
  });

  it("leaves out what is no longer in custody, and keeps what was asked also if nothing answers", async () => {
    const gone = await recorded({ number: "11 96001-0009" });
    await database().update(recordings).set({ state: "rejected" }).where(eq(recordings.id, gone));
    const requestId = await inTriage({ numbers: ["11 96001-0009"] });
    const context = again();
    await findRecordings(context, { requestId });
    const { searches, counts } = await readSearches(again(auditor), { requestId });
    expect(searches).toMatchObject([{ searchedBy: "Pessoa dpo", stores: ["disk"] }]);
    expect(searches[0]!.searchedFor.map(({ found }) => found)).toEqual([0, 0, 0]);
    expect(counts).toEqual({ exact: 0, candidate: 0, included: 0, excluded: 0 });
    expect(await eventsOf(context)).toMatchObject([
      { action: "subject_request.searched", details: { questions: 3, finds: 0, stores: ["disk"] } },
      { action: "subject_request.step_taken", details: { step: "find" } },
    ]);
    await moveRights(again(), { requestId, step: "analyse" });
    expect(await statesOf(requestId)).toEqual(["analysing"]);
  });

  it("is refused before the identity is proved", async () => {
    const { requestId } = await registerRequest(again(), letter());
    await expectRefusal(find(requestId), "conflict");
    await moveRights(again(), { requestId, step: "start" });
    await expectRefusal(find(requestId), "conflict");
    expect(await database().$count(subjectRequestMatches, eq(subjectRequestMatches.requestId, requestId))).toBe(0);
  });
});

describe("what was found", () => {
  it("waits for a decision before the analysis; exact finds may be decided at once, with a reason", async () => {
    const number = "11 96001-0010";
    const [first, second, candidate] = [
      await recorded({ number }),
      await recorded({ number }),
      await recorded({ number: "11 6001-0010" }),
    ];
    const requestId = await inTriage({ numbers: [number] });
    await find(requestId);
    const analyse = () => moveRights(again(), { requestId, step: "analyse" });
    await expectRefusal(analyse(), "matches_undecided");
    const context = again();
    const bulk = { requestId, decision: "included" as const, recordings: "all_exact" as const };
    expect(await decideMatches(context, { ...bulk, reason: "Linha do titular desde 2019" })).toMatchObject({
      decided: 2,
    });
    const details = { matchDecision: "included", recordings: 2 };
    expect(await eventsOf(context)).toMatchObject([{ action: "subject_request.matches_decided", details }]);
    expect(JSON.stringify(await eventsOf(context))).not.toContain("2019");
    await expectRefusal(analyse(), "matches_undecided");
    await include(requestId, [candidate], "excluded");
    await analyse();
    expect((await inView(requestId, "included")).map(({ id }) => id).toSorted()).toEqual([first, second].toSorted());
    expect(await inView(requestId, "excluded")).toMatchObject([{ decisionReason: "Confirmado com o titular" }]);
    await expectRefusal(include(requestId, [first], "excluded"), "conflict");
  });

  it("by a number that changed hands is decided call by call, unless something else finds it too", async () => {
    const number = "11 96001-0020";
    const [first, second] = [await recorded({ number }), await recorded({ number })];
    const sure = await recorded({ number, protocol: "P-20" });
    const identifiers = [
      { kind: "number" as const, value: number },
      { kind: "protocol" as const, value: "P20" },
    ];
    const requestId = await inTriage({ identifiers });
    const { identifiers: rows } = await readRequest(again(), { requestId });
    await find(requestId, { changedHandsIds: [rows.find(({ kind }) => kind === "number")!.id] });
    expect(await include(requestId, "all_exact")).toMatchObject({ decided: 1 });
    expect((await inView(requestId, "included")).map(({ id }) => id)).toEqual([sure]);
    const refusal = { recordings: "one_call_at_a_time" };
    await expectRefusal(include(requestId, [first, second]), "invalid_input", refusal);
    expect(await include(requestId, [first])).toMatchObject({ decided: 1 });
    expect(await include(requestId, [second], "excluded")).toMatchObject({ decided: 1 });
  });

  it("keeps its decision when it is found again; a new reason opens an exclusion again", async () => {
    const number = "11 96001-0030";
    const agentId = newId();

    await database()
      .insert(agents)
      .values({ id: agentId, unitId: unit.unitId, code: `a-${agentId}` });
    const [kept, reopened] = [await recorded({ number }), await recorded({ number, agentId })];
    const requestId = await inTriage({ numbers: [number] });
    await find(requestId);
    await include(requestId, [kept, reopened], "excluded");
    await find(requestId);
    expect(await inView(requestId, "excluded")).toHaveLength(2);
    await find(requestId, { agents: [{ unit: await unitCode(), agent: `a-${agentId}` }] });
    expect((await inView(requestId, "excluded")).map(({ id }) => id)).toEqual([kept]);
    expect(await reasonsOf(requestId, "exact")).toEqual({ [reopened]: ["agent", "number_exact"] });
  });

  it("may be searched for again from the analysis, and shows others masked", async () => {
    const number = "11 96001-0040";
    await recorded({ number });
    const requestId = await inTriage({ numbers: [number] });
    await find(requestId);
    await include(requestId, "all_exact");
    await moveRights(again(), { requestId, step: "analyse" });
    await find(requestId);
    expect(await statesOf(requestId)).toEqual(["finding"]);
    const [seen] = (await listMatches(again(auditor), { requestId, view: "included" })).rows;
    expect(seen).toMatchObject({ number: "(11) •••••-0040", decisionReason: null });
    expect(await inView(requestId, "included")).toMatchObject([{ number: "(11) 96001-0040" }]);
  });

  it("of another request, or nowhere, cannot be decided; a form sent twice decides once", async () => {
    const number = "11 96001-0050";
    const found = await recorded({ number });
    const requestId = await inTriage({ numbers: [number] });
    await find(requestId);
    const other = await inTriage({ numbers: ["11 96001-0051"] });
    await find(other);
    await expectRefusal(include(other, [found]), "not_found");
    await expectRefusal(include(requestId, [found, newId()]), "not_found");
    const both = await Promise.all([include(requestId, [found]), include(requestId, [found])]);
    expect(both.map(({ decided }) => decided).toSorted()).toEqual([0, 1]);
  });
});
