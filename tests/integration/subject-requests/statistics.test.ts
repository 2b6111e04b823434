import { inArray } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { anonymisedCalls, subjectRequestEvents, subjectRequestRights } from "@/lib/db/schema";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { reopenRequest } from "@/lib/subject-requests/reopen-request";
import { readStatistics } from "@/lib/subject-requests/statistics/read-statistics";
import { contextOf, expectRefusal, person, type Person } from "../../support/actors";
import { unitWithQueue } from "../../support/recordings";
import { letter, processesOf } from "../../support/subject-requests";

let dpo: Person;
const read = (input: { from?: string; to?: string } = {}) => readStatistics(contextOf(dpo.actor), input);
/** Days that no other test of this database uses. */
const year = { from: "2024-01-01", to: "2024-12-31" };

beforeAll(async () => {
  dpo = await person("dpo");
});

/** Of one right, received at noon of this day in São Paulo. */
async function received(day: string, input: Parameters<typeof letter>[0] = {}): Promise<string> {
  const receivedAt = `${day}T12:00:00-03:00`;
  return (await registerRequest(contextOf(dpo.actor), letter({ receivedAt, ...input }))).requestId;
}

/** What an answer writes, so many days after the receipt. */
async function answered(requestId: string, days: number, outcome: "granted" | "refused"): Promise<void> {
  const ids = (await processesOf(requestId)).map(({ id }) => id);
  const answeredAt = new Date(Date.parse("2024-02-10T12:00:00-03:00") + days * 86_400_000);
  const step = { requestId, kind: "answer", actorType: "user" as const, actorId: dpo.userId, createdAt: answeredAt };
  await database()
    .insert(subjectRequestEvents)
    .values(ids.map((processId) => ({ ...step, id: newId(), processId })));
  await database()
    .update(subjectRequestRights)
    .set({ state: "answered", outcome, answeredAt })
    .where(inArray(subjectRequestRights.id, ids));
}

describe("statistics", () => {
  it("count requests by month of receipt in the controller's zone, channel and requester", async () => {
    await received("2024-05-10");
    await registerRequest(contextOf(dpo.actor), letter({ receivedAt: "2024-06-01T02:30:00Z", channel: "phone" }));
    await received("2024-06-02", { requester: "attorney", requesterName: "João Procurador" });
    const { months, channels, requesters } = await read({ from: "2024-05-01", to: "2024-06-30" });
    expect(months).toEqual([
      { month: "2024-05", received: 2, open: 2 },
      { month: "2024-06", received: 1, open: 1 },
    ]);
    expect(channels).toEqual([
      { channel: "letter", received: 2 },
      { channel: "phone", received: 1 },
    ]);
    expect(requesters).toEqual([
      { requester: "data_subject", received: 2 },
      { requester: "attorney", received: 1 },
    ]);
  });

  it("say of each right how it ended, whether on time, and in how many days", async () => {
    const [early, late, open, withdrawn] = [
      await received("2024-02-10"),
      await received("2024-02-10"),
      await received("2024-02-10"),
      await received("2024-02-10"),
    ];
    await answered(early!, 10, "granted");
    await answered(late!, 20, "refused");
    const reason = "Pediu por telefone";
    await moveRights(contextOf(dpo.actor), { requestId: withdrawn!, step: "withdraw", reason });
    const february = { from: "2024-02-01", to: "2024-02-29" };
    expect((await read(february)).rights).toEqual([
      {
        ...{ right: "full_declaration", received: 4, answered: 2, granted: 1, partly_granted: 0, refused: 1 },
        ...{ not_found: 0, scheduled: 0, withdrawn: 1, open: 1, onTime: 1 },
        ...{ averageDays: 15, medianDays: 15, ninetiethDays: 19 },
      },
    ]);
    const before = await read(february);
    const [process] = await processesOf(withdrawn!);
    const again = { requestId: withdrawn!, processIds: [process!.id], reason: "Voltou a pedir, por carta." };
    await reopenRequest(contextOf(dpo.actor), again);
    const after = await read(february);
    expect([before.reopened, after.reopened]).toEqual([0, 1]);
    expect(after.now.older - before.now.older).toBe(1);
    expect(after.now.overdue - before.now.overdue).toBe(1);
    expect(open).toBeDefined();
    // An answer that came late stays late, and no withdrawal without an answer, whatever is reopened.
    const lateOnes = { requestId: late!, processIds: [(await processesOf(late!))[0]!.id] };
    await reopenRequest(contextOf(dpo.actor), { ...lateOnes, reason: "Reclamou da resposta, por carta." });
    await moveRights(contextOf(dpo.actor), { requestId: late!, step: "withdraw", reason });
    const [right] = (await read(february)).rights;
    expect(right).toMatchObject({ answered: 2, refused: 0, withdrawn: 0, onTime: 1, medianDays: 15 });
  });

  it("of a period without requests are empty; its days may be in either order", async () => {
    const nothing = await read({ from: "2019-01-01", to: "2019-12-31" });
    expect(nothing).toMatchObject({ months: [], rights: [], channels: [], decisions: [], unproven: 0 });
    const [forward, backward] = [await read(year), await read({ from: year.to, to: year.from })];
    expect(backward.period).toEqual(forward.period);
    expect(backward.rights).toEqual(forward.rights);
    await expectRefusal(read({ from: "yesterday" }), "invalid_input");
  });

  it("show anonymised calls in groups of ten or more, and never fewer", async () => {
    const { unitId, queueId } = await unitWithQueue();
    const group = { unitId, direction: "inbound" as const, durationMs: 60_000 };
    const counted = (month: string, recordings: number, queue: string | null) => ({
      ...{ ...group, month, recordings, queueId: queue },
    });
    await database()
      .insert(anonymisedCalls)
      .values([
        counted("2023-01-01", 12, queueId),
        counted("2023-01-01", 9, null),
        counted("2023-02-01", 9, queueId),
        { ...counted("2023-02-01", 1, null) },
        counted("2023-03-01", 9, queueId),
      ]);
    const { anonymised } = await read({ from: "2023-01-01", to: "2023-12-31" });
    expect(anonymised.map(({ month, unit, recordings }) => [month, unit !== null, recordings])).toEqual([
      ["2023-02", false, 10],
      ["2023-01", true, 12],
    ]);
  });

  it("are for the DPO and the auditor alone", async () => {
    await readStatistics(contextOf((await person("auditor")).actor), {});
    for (const role of ["supervisor", "admin"] as const)
      await expectRefusal(readStatistics(contextOf((await person(role)).actor), {}), "forbidden");
  });
});
