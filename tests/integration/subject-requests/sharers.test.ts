import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { playbackGrants } from "@/lib/db/schema";
import { jobContext } from "@/lib/operation/job-context";
import { decideRecordings } from "@/lib/subject-requests/deciding/decide-recordings";
import { submitDecision } from "@/lib/subject-requests/deciding/submit-decision";
import { carryOutDecisions } from "@/lib/subject-requests/doing/carry-out-decisions";
import { addSharer } from "@/lib/subject-requests/sharers/add-sharer";
import { closeSharerTask } from "@/lib/subject-requests/sharers/close-sharer-task";
import { listSharerTasks } from "@/lib/subject-requests/sharers/list-sharer-tasks";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { analysed, freshNumber, recordingsOf } from "../../support/analysed-requests";
import { policy, unitWithQueue } from "../../support/recordings";

let [dpo, auditor]: Person[] = [];
let unitId: string;
const as = ({ actor }: Person) => contextOf(actor);

beforeAll(async () => {
  [dpo, auditor] = await Promise.all([person("dpo"), person("auditor")]);
  ({ unitId } = await unitWithQueue());
  await policy(3650);
});

/** As a download leaves it. `sent`: whether anything of the recording left the portal. */
const downloaded = (recordingId: string, { actor, userId }: Person, sent: boolean) =>
  database()
    .insert(playbackGrants)
    .values({
      ...{ id: newId(), kind: "download", recordingId, userId, sessionId: actor.sessionId },
      ...{ purpose: "subject_request", reference: "1", delivery: "gateway", sizeBytes: 64 },
      ...{ expiresAt: new Date(), bytesSent: sent ? "{[0,64)}" : "{}" },
    });

/** A request of which the first recording is blocked and the second is not. */
async function blocked() {
  const number = freshNumber();
  const ids = await recordingsOf(number, unitId, [{}, {}]);
  const { requestId, processes } = await analysed(dpo!, number, ["objection"]);
  const processId = processes.objection!;
  const keep = { measure: "keep" as const, ground: "contract_performance" as const, fact: "O contrato 12 vigora." };
  await decideRecordings(as(dpo!), { requestId, processId, recordings: [ids[0]!], measure: "block" });
  await decideRecordings(as(dpo!), { requestId, processId, recordings: [ids[1]!], ...keep });
  return { requestId, processId, ids };
}

const carryOut = async ({ requestId, processId }: { requestId: string; processId: string }) => {
  await submitDecision(as(dpo!), { requestId, processId });
  await carryOutDecisions(jobContext("subject-request"), { requestId });
};

describe("whoever received a recording", () => {
  it("by a download is told at once, and nobody who received nothing of it", async () => {
    const request = await blocked();
    const [receiver, opener, other] = [await person("dpo"), await person("dpo"), await person("dpo")];
    await downloaded(request.ids[0]!, receiver, true);
    await downloaded(request.ids[0]!, opener, false);
    await downloaded(request.ids[1]!, other, true);
    await carryOut(request);
    const { requestId } = request;
    const tasks = await listSharerTasks(as(auditor!), { requestId });
    expect(tasks).toMatchObject([{ measure: "blocking", recordings: 1, isUser: true, closedAt: null }]);
    const taskId = tasks[0]!.id;
    const impossible = { requestId, taskId, end: "impossible" as const };
    await expectRefusal(closeSharerTask(as(dpo!), impossible), "invalid_input", { reason: "required" });
    await expectRefusal(closeSharerTask(as(auditor!), { requestId, taskId, end: "notified" }), "forbidden");
    const context = as(dpo!);
    await closeSharerTask(context, { requestId, taskId, end: "acknowledged" });
    expect(await eventsOf(context)).toMatchObject([{ action: "subject_request.sharer_closed" }]);
    const again = as(dpo!);
    await closeSharerTask(again, { requestId, taskId, end: "notified" });
    expect(await eventsOf(again)).toEqual([]);
    const [closed] = await listSharerTasks(as(dpo!), { requestId });
    expect(closed).toMatchObject({ acknowledgedAt: expect.any(Date), notifiedAt: expect.any(Date) });
  });

  it("outside is named by the DPO, once, for what was decided; only the DPO reads who", async () => {
    const { requestId } = await blocked();
    const recipient = "Oficina Exemplo, oficina@exemplo.example";
    const named = { requestId, taskId: newId(), measure: "blocking" as const, recipient };
    const context = as(dpo!);
    await addSharer(context, named);
    await addSharer(as(dpo!), named);
    expect(JSON.stringify(await eventsOf(context))).not.toContain("Oficina");
    expect(await listSharerTasks(as(dpo!), { requestId })).toMatchObject([{ recipient, isUser: false }]);
    expect(await listSharerTasks(as(auditor!), { requestId })).toMatchObject([{ recipient: null }]);
    const other = { ...named, taskId: newId(), measure: "deletion" as const };
    await expectRefusal(addSharer(as(dpo!), other), "invalid_input", { measure: "not_decided" });
    await expectRefusal(addSharer(as(auditor!), named), "forbidden");
  });
});
