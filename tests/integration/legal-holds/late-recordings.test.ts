import { and, eq, isNull } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { jobs, legalHoldRecordings, legalHolds } from "@/lib/db/schema";
import { continueHold } from "@/lib/legal-holds/continue-hold";
import { extendHold } from "@/lib/legal-holds/extend-hold";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { decideHoldRelease } from "@/lib/legal-holds/release/decide-hold-release";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { contextOf, person, type Person } from "../../support/actors";
import { audioOf, smallAudio } from "../../support/audio-fixtures";
import { facts } from "../../support/holds";
import { job } from "../../support/recordings";
import { call } from "../../support/portal";
import { unit } from "../../support/people";
import {
  askTicket,
  callMetadata,
  completeTicket,
  eventsAbout,
  phoneSystem,
  plainMetadata,
  putContent,
  recordingsOfCall,
  sendBytes,
  storedRecording,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

let system: PhoneSystem;
let dpo: Person;
let admin: Person;
let sourceCallId: string;

beforeAll(async () => {
  system = await phoneSystem();
  [dpo, admin] = [await person("dpo"), await person("admin")];
});

beforeEach(() => {
  sourceCallId = newId();
});

/** A recording with content of its own. */
let contents = 0;
function part() {
  const { name, bytes, contentType } = smallAudio();
  return audioOf(name, Buffer.concat([bytes, Buffer.alloc((contents += 1))]), contentType);
}

const again = ({ actor }: Person) => contextOf(actor);
const arrive = (changes: Record<string, unknown> = {}) => storedRecording(system, part(), { sourceCallId, ...changes });

async function hold(recordingId: string, { who = dpo, onlyThese = false } = {}): Promise<string> {
  const selection = { recordingIds: [recordingId], onlyThese };
  return (await placeHold(again(who), { ...facts(who.userId), selection })).holdId;
}

async function release(holdId: string): Promise<void> {
  const { approvalId } = await requestHoldRelease(again(dpo), { holdId, reason: "Processo encerrado" });
  await decideHoldRelease(again(admin), { approvalId, decision: "approved", reason: "Conferido por mim" });
}

async function isKept(recordingId: string, holdId: string): Promise<boolean> {
  const { recordingId: of, holdId: by, releasedAt } = legalHoldRecordings;
  return (
    (await database().$count(legalHoldRecordings, and(eq(of, recordingId), eq(by, holdId), isNull(releasedAt)))) === 1
  );
}

/** Asks for a ticket and sends the bytes: what is left is the completion. */
async function sent(changes: Record<string, unknown> = {}, file = part()): Promise<Ticket> {
  const metadata = callMetadata(system.unitCode, file, { sourceCallId, ...changes });
  const ticket = (await (await askTicket(system.headers, metadata)).json()) as Ticket;
  expect((await sendBytes(ticket, file.bytes)).status).toBe(200);
  return ticket;
}

describe("a recording that arrives after a hold was placed on its call", () => {
  test("comes under the hold, and so does the next, each with its event and a lock in the store", async () => {
    const holdId = await hold(await arrive());
    await database().delete(jobs).where(eq(jobs.kind, "object_locks"));
    const late = await arrive();
    expect(await isKept(late, holdId)).toBe(true);
    expect(await eventsAbout(late, "recording.held")).toMatchObject([{ details: { holdId, arrivedLater: true } }]);
    expect(await database().$count(jobs, eq(jobs.kind, "object_locks"))).toBe(1);
    expect(await isKept(await arrive(), holdId)).toBe(true);
    expect(await isKept(await arrive({ sourceCallId: newId() }), holdId)).toBe(false);
  });

  test("comes under every hold on the call in force, and under no released one", async () => {
    const first = await arrive();
    const [one, other, released] = [await hold(first), await hold(first), await hold(first)];
    await release(released);
    const late = await arrive();
    expect([await isKept(late, one), await isKept(late, other), await isKept(late, released)]).toEqual([
      ...[true, true, false],
    ]);
    expect(await eventsAbout(late, "recording.held")).toHaveLength(2);
  });

  test("does not come under a hold on the chosen recordings only, unless it is extended to the call", async () => {
    const first = await arrive();
    const holdId = await hold(first, { onlyThese: true });
    const late = await arrive();
    expect(await isKept(late, holdId)).toBe(false);
    expect(await eventsAbout(late, "recording.held")).toEqual([]);
    const alone = await arrive({ sourceCallId: newId() });
    await extendHold(again(dpo), { holdId, selection: { recordingIds: [first, alone] } });
    expect(await isKept(late, holdId)).toBe(true);
    expect(await isKept(await arrive(), holdId)).toBe(true);
  });

  test("of one recording comes under a hold that was extended from this recording to its call", async () => {
    const holdId = await hold(await arrive(), { onlyThese: true });
    const first = (await recordingsOfCall(sourceCallId))[0]!.id;
    expect((await extendHold(again(dpo), { holdId, selection: { recordingIds: [first] } })).held).toBe(0);
    expect(await isKept(await arrive(), holdId)).toBe(true);
  });

  test("comes under a supervisor's hold in the units that the supervisor had, and in no other", async () => {
    const elsewhere = await unit();
    const supervisor = await person("supervisor", { unitIds: [system.unitId] });
    const holdId = await hold(await arrive(), { who: supervisor });
    expect(await isKept(await arrive({ unit: elsewhere.code }), holdId)).toBe(false);
    expect(await isKept(await arrive(), holdId)).toBe(true);
    const selection = { recordingIds: [(await recordingsOfCall(sourceCallId))[0]!.id] };
    await expect(extendHold(again(dpo), { holdId, selection })).rejects.toMatchObject({ code: "invalid_input" });
    await database().update(legalHolds).set({ ownerId: dpo.userId }).where(eq(legalHolds.id, holdId));
    await extendHold(again(dpo), { holdId, selection });
    expect(await isKept(await arrive({ unit: elsewhere.code }), holdId)).toBe(true);
  });

  test("comes under it also in a batch, through the portal, and after it was refused before the hold", async () => {
    const leg = { sourceRecordingId: "leg" };
    const refused = await sent(leg, audioOf("page.html", Buffer.from("<html>".repeat(20)), "audio/mp4"));
    expect((await completeTicket(system.headers, refused)).status).toBe(422);
    const holdId = await hold(await arrive());
    const other = { sourceCallId: newId() };
    const tickets = [await sent(), await sent(), await sent(other)];
    const uploads = tickets.map(({ id, upload }) => ({ recordingId: id, ticketId: upload!.ticketId }));
    const answered = await call("POST", "/api/recordings/batch/complete", {
      headers: system.headers,
      json: { uploads },
    });
    const { results } = (await answered.json()) as { results: { status: number }[] };
    expect(results.map(({ status }) => status)).toEqual([200, 200, 200]);
    const kept = await Promise.all(tickets.map(({ id }) => isKept(id, holdId)));
    expect(kept).toEqual([true, true, false]);

    const plain = (await (
      await askTicket(system.headers, plainMetadata(system.unitCode, part(), { sourceCallId }))
    ).json()) as Ticket;
    for (const { bytes } of [part(), part()]) {
      const stored = await putContent(system.headers, plain.id, bytes);
      const { id } = (await stored.json()) as { id: string };
      expect([stored.status, await isKept(id, holdId)]).toEqual([200, true]);
    }
    const again = await sent(leg);
    expect([again.id, (await completeTicket(system.headers, again)).status]).toEqual([refused.id, 200]);
    expect(await isKept(refused.id, holdId)).toBe(true);
  });

  test("while a search is being placed comes under the hold with its call", async () => {
    const first = await arrive();
    const holdId = newId();
    const createdBefore = new Date().toISOString();
    const placement = { filters: {}, unitIds: null, createdBefore, through: "00000000-0000-0000-0000-000000000000" };
    await database()
      .insert(legalHolds)
      .values({ ...facts(dpo.userId), id: holdId, placedById: dpo.userId, placement });
    const late = await arrive();
    expect((await continueHold({ ...job(), actor: { type: "job", name: "reconcile" } }, { holdId })).finished).toBe(
      true,
    );
    expect([await isKept(first, holdId), await isKept(late, holdId)]).toEqual([true, true]);
    expect(await isKept(await arrive(), holdId)).toBe(true);
  });
});

describe("a recording that arrives at the moment", () => {
  test("at which the hold is placed is always under it", async () => {
    for (let round = 0; round < 8; round += 1) {
      sourceCallId = newId();
      const first = await arrive();
      const late = await sent();
      const [holdId, completed] = await Promise.all([hold(first), completeTicket(system.headers, late)]);
      expect([completed.status, await isKept(late.id, holdId)]).toEqual([200, true]);
      expect(await eventsAbout(late.id, "recording.held")).toHaveLength(1);
    }
  });

  test("at which its ticket is given is always under it", async () => {
    for (let round = 0; round < 8; round += 1) {
      sourceCallId = newId();
      const first = await arrive();
      const [holdId, late] = await Promise.all([hold(first), arrive()]);
      expect(await isKept(late, holdId)).toBe(true);
    }
  });

  test("at which the hold is released or extended is never left under a released hold", async () => {
    for (let round = 0; round < 8; round += 1) {
      sourceCallId = newId();
      const first = await arrive();
      const holdId = await hold(first);
      const [late, another] = [await sent(), await sent()];
      const ended = await Promise.all([
        completeTicket(system.headers, late),
        extendHold(again(dpo), { holdId, selection: { recordingIds: [first, another.id] } }).catch(() => null),
        completeTicket(system.headers, another),
        release(holdId),
      ]);
      expect([ended[0].status, ended[2].status]).toEqual([200, 200]);
      expect([await isKept(late.id, holdId), await isKept(another.id, holdId)]).toEqual([false, false]);
    }
  });
});
