import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { listApprovals } from "@/lib/overview/list-approvals";
import { database } from "@/lib/db/client";
import { approvals, legalHoldRecordings, legalHolds } from "@/lib/db/schema";
import { decideHoldRelease } from "@/lib/legal-holds/release/decide-hold-release";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { withdrawHoldRelease } from "@/lib/legal-holds/release/withdraw-hold-release";
import { newId } from "@/lib/core/new-id";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";

let dpo: Person;
let admin: Person;
let unitId: string;

/** The same person in a new request. */
const again = ({ actor }: Person) => contextOf(actor);

async function hold(by: Person, recordingIds: string[] = []): Promise<string> {
  const id = newId();
  await database().insert(legalHolds).values({
    id,
    matter: "Processo 0001",
    reason: "Ação em curso",
    ownerId: by.userId,
    placedById: by.userId,
    reviewOn: "2027-01-31",
  });
  if (recordingIds.length > 0)
    await database()
      .insert(legalHoldRecordings)
      .values(recordingIds.map((recordingId) => ({ holdId: id, recordingId })));
  return id;
}

const stateOf = async (approvalId: string) =>
  (await database().select().from(approvals).where(eq(approvals.id, approvalId)))[0]!;
const isReleased = async (holdId: string) =>
  (await database().select().from(legalHolds).where(eq(legalHolds.id, holdId)))[0]!.releasedAt !== null;

beforeAll(async () => {
  await policy(90);
  ({ unitId } = await unitWithQueue());
  [dpo, admin] = await Promise.all([person("dpo"), person("admin")]);
});

describe("the approval of a release", () => {
  it("releases the hold and counts the recordings that it no longer keeps", async () => {
    const [due, kept, heldTwice] = await Promise.all(
      [daysAgo(100), daysAgo(10), daysAgo(100)].map((startedAt) => storedRecording({ unitId, startedAt })),
    );
    const holdId = await hold(dpo, [due!.id, kept!.id, heldTwice!.id]);
    const other = await hold(dpo, [heldTwice!.id]);
    const asking = again(dpo);
    const { approvalId } = await requestHoldRelease(asking, { holdId, reason: "Processo encerrado" });
    expect(await eventsOf(asking)).toEqual([
      {
        action: "approval.requested",
        outcome: "success",
        targetType: "approval",
        targetId: approvalId,
        actorId: dpo.userId,
        details: { kind: "hold_release", subjectId: holdId },
      },
    ]);
    const [row] = (await listApprovals(again(admin), { state: "pending" })).rows;
    expect(row).toMatchObject({
      id: approvalId,
      subject: "Processo 0001",
      reason: "Processo encerrado",
      requestedBy: "Pessoa dpo",
      mayDecide: true,
      isOwn: false,
      effect: { recordings: 3, pastDue: 1 },
    });
    for (const reason of ["", "   ok     ", "Conferido\u202e por mim", undefined as never])
      await expectRefusal(
        decideHoldRelease(again(admin), { approvalId, decision: "approved", reason }),
        "invalid_input",
      );
    const deciding = again(admin);
    await decideHoldRelease(deciding, { approvalId, decision: "approved", reason: "Conferido por mim" });
    expect(await isReleased(holdId)).toBe(true);
    expect(await isReleased(other)).toBe(false);
    expect(await eventsOf(deciding)).toMatchObject([
      {
        action: "approval.approved",
        targetId: approvalId,
        actorId: admin.userId,
        details: { kind: "hold_release", subjectId: holdId, requestedById: dpo.userId },
      },
      {
        action: "legal_hold.released",
        targetId: holdId,
        details: { approvalId, recordings: 3, pastDue: 1, requestedById: dpo.userId },
      },
      ...[due!, kept!, heldTwice!]
        .map(({ id }) => id)
        .sort()
        .map((targetId) => ({ action: "recording.hold_released", targetId, details: { holdId } })),
    ]);
    expect((await listApprovals(again(admin), { state: "decided" })).rows).toMatchObject([
      { id: approvalId, state: "approved", decidedBy: "Pessoa admin", decisionReason: "Conferido por mim" },
    ]);
    expect(JSON.stringify(await eventsOf(deciding))).not.toContain("Conferido");
    expect((await stateOf(approvalId))!.decisionReasonEncrypted!.toString("latin1")).not.toContain("Conferido");
    await expectRefusal(requestHoldRelease(again(dpo), { holdId, reason: "De novo" }), "conflict");
  });

  it("is refused to the requester in every role, with an event", async () => {
    const holdId = await hold(dpo);
    const { approvalId } = await requestHoldRelease(again(dpo), { holdId, reason: "Encerrado" });
    expect(
      (await listApprovals(again(dpo), { state: "pending" })).rows.find(({ id }) => id === approvalId),
    ).toMatchObject({ mayDecide: false, isOwn: true });
    for (const decision of ["approved", "rejected"] as const) {
      const context = again(dpo);
      await expectRefusal(
        decideHoldRelease(context, { approvalId, decision, reason: "Conferido por mim" }),
        "second_person_required",
      );
      expect(await eventsOf(context)).toMatchObject([
        {
          action: "approval.decision_refused",
          outcome: "denied",
          targetId: approvalId,
          details: { kind: "hold_release", subjectId: holdId },
        },
      ]);
    }
    expect(await stateOf(approvalId)).toMatchObject({ state: "pending", decidedById: null });
    expect(await isReleased(holdId)).toBe(false);
  });

  it("can be denied: nothing is released, and a new request is possible", async () => {
    const holdId = await hold(dpo);
    const { approvalId } = await requestHoldRelease(again(dpo), { holdId, reason: "Encerrado" });
    const context = again(admin);
    await decideHoldRelease(context, { approvalId, decision: "rejected", reason: "Conferido por mim" });
    expect((await eventsOf(context)).map(({ action }) => action)).toEqual(["approval.rejected"]);
    expect(await isReleased(holdId)).toBe(false);
    await expectRefusal(
      decideHoldRelease(again(admin), { approvalId, decision: "approved", reason: "Conferido por mim" }),
      "conflict",
    );
    await requestHoldRelease(again(dpo), { holdId, reason: "Encerrado de novo" });
  });

  it("allows one open request per hold, which only its requester withdraws", async () => {
    const [other, holdId] = await Promise.all([person("dpo"), hold(dpo)]);
    const { approvalId } = await requestHoldRelease(again(dpo), { holdId, reason: "Encerrado" });
    await expectRefusal(requestHoldRelease(again(other), { holdId, reason: "Também acho" }), "approval_pending");
    await expectRefusal(withdrawHoldRelease(again(other), { approvalId }), "not_found");
    const context = again(dpo);
    await withdrawHoldRelease(context, { approvalId });
    expect((await eventsOf(context)).map(({ action }) => action)).toEqual(["approval.withdrawn"]);
    await expectRefusal(
      decideHoldRelease(again(admin), { approvalId, decision: "approved", reason: "Conferido por mim" }),
      "conflict",
    );
    await expectRefusal(withdrawHoldRelease(again(dpo), { approvalId }), "conflict");
  });

  it("can be requested by a supervisor for their own holds only", async () => {
    const supervisor = await person("supervisor", { unitIds: [unitId] });
    const [own, foreign] = await Promise.all([hold(supervisor), hold(dpo)]);
    await requestHoldRelease(again(supervisor), { holdId: own, reason: "Encerrado" });
    await expectRefusal(requestHoldRelease(again(supervisor), { holdId: foreign, reason: "Encerrado" }), "not_found");
  });

  it("is decided once when several people decide at the same moment", async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => person("dpo")));
    const holdId = await hold(dpo);
    const { approvalId } = await requestHoldRelease(again(dpo), { holdId, reason: "Encerrado" });
    const answers = await Promise.allSettled(
      people.map((someone, index) =>
        decideHoldRelease(again(someone), {
          approvalId,
          decision: index % 2 ? "approved" : "rejected",
          reason: "Conferido por mim",
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(
      answers.flatMap((answer) => (answer.status === "rejected" ? [(answer.reason as { code: string }).code] : [])),
    ).toEqual(Array(5).fill("conflict"));
    expect(await isReleased(holdId)).toBe((await stateOf(approvalId)).state === "approved");
  });
});

it("lists approval requests by pages, newest first", async () => {
  const reader = again(admin);
  const first = await listApprovals(reader, { state: "decided", limit: 2 });
  const second = await listApprovals(reader, { state: "decided", limit: 2, after: first.after! });
  const all = await listApprovals(reader, { state: "decided", limit: 100 });
  expect(all.rows.length).toBeGreaterThanOrEqual(4);
  expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(all.rows.slice(0, 4).map(({ id }) => id));
  expect((await listApprovals(reader, { state: "decided", limit: 2, before: second.before! })).rows).toEqual(
    first.rows,
  );
});
