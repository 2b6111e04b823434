import { eq } from "drizzle-orm";
import postgres from "postgres";
import { beforeAll, describe, expect, it } from "vitest";
import { acceptRisk } from "@/lib/compliance/accept-risk";
import { checkControls } from "@/lib/compliance/check-controls";
import { controlCheckJob } from "@/lib/compliance/control-check-job";
import { enqueueControlCheck } from "@/lib/compliance/enqueue-control-check";
import { listControls } from "@/lib/compliance/list-controls";
import { planControl } from "@/lib/compliance/plan-control";
import { readControl } from "@/lib/compliance/read-control";
import { withdrawRisk } from "@/lib/compliance/withdraw-risk";
import { newId } from "@/lib/core/new-id";
import { today } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { acceptedRisks, jobs } from "@/lib/db/schema";
import { drain } from "@/lib/jobs/drain";
import { jobContext } from "@/lib/operation/job-context";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";

/** It fails in an empty installation. */
const control = "controller_named" as const;
let [dpo, auditor]: Person[] = [];
const asDpo = () => contextOf(dpo!.actor);
const read = () => readControl(contextOf(auditor!.actor), { control });

beforeAll(async () => {
  [dpo, auditor] = [await person("dpo"), await person("auditor")];
});

/** The calendar day of the controller, so many days from today. */
const day = (offset: number) =>
  new Date(Date.parse(`${today()}T12:00:00Z`) + offset * 86_400_000).toISOString().slice(0, 10);

describe("a check", () => {
  it("before the first one nothing is said to pass", async () => {
    const { check, counts } = await listControls(asDpo(), {});
    expect(check).toBeNull();
    expect(counts).toMatchObject({ pass: 0, fail: 0, accepted: 0 });
    expect((await read()).state).toBe("unchecked");
  });

  it("keeps each result with its evidence, in one event", async () => {
    const context = asDpo();
    const { failed, unknown } = await checkControls(context, {});
    expect(unknown).toBe(0);
    const [event] = await eventsOf(context);
    expect(event).toMatchObject({ action: "compliance.checked", outcome: "success", details: { failed } });
    expect((event!.details as { failing: string[] }).failing).toContain(control);
    const { state, evidence, history, check } = await read();
    expect([state, history.length, check?.checkedBy]).toEqual(["fail", 1, "Pessoa dpo"]);
    expect(evidence).toEqual({ settingsVersion: 0, found: 4 });
  });

  it("lists what fails, and leaves the rest out", async () => {
    const { groups } = await listControls(asDpo(), { state: "gap" });
    const states = groups.flatMap((group) => group.controls.map(({ state }) => state));
    expect(new Set(states)).toEqual(new Set(["fail"]));
  });

  it("is done by the job, once a day", async () => {
    const waiting = () => database().$count(jobs, eq(jobs.kind, "control_check"));
    await enqueueControlCheck(jobContext("control-check"), {});
    expect(await waiting()).toBe(0);
    const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
    await owner`update control_checks set created_at = now() - interval '24 hours'`;
    await owner.end();
    for (let round = 0; round < 2; round += 1) await enqueueControlCheck(jobContext("control-check"), {});
    expect(await waiting()).toBe(1);
    await drain(5, { control_check: controlCheckJob });
    await enqueueControlCheck(jobContext("control-check"), {});
    expect(await waiting()).toBe(0);
    const { history, check } = await read();
    expect([history.length, check?.checkedBy]).toEqual([2, null]);
  });
});

describe("a plan", () => {
  it("names who closes the gap and by when; the same again changes nothing", async () => {
    const [context, again] = [asDpo(), asDpo()];
    const plan = { control, ownerId: auditor!.userId, dueOn: day(10), note: "Falar com o jurídico" };
    await planControl(context, plan);
    await planControl(again, plan);
    expect(await eventsOf(context)).toMatchObject([
      { action: "control.planned", details: { control, ownerId: auditor!.userId, dueOn: day(10) } },
    ]);
    expect(JSON.stringify(await eventsOf(context))).not.toContain("jurídico");
    expect(await eventsOf(again)).toEqual([]);
    expect((await read()).plan).toMatchObject({ owner: "Pessoa auditor", dueOn: day(10), isLate: false });
  });

  it("needs a day from today on and somebody who may see the controls", async () => {
    const plan = { control, ownerId: auditor!.userId, note: "" };
    await expectRefusal(planControl(asDpo(), { ...plan, dueOn: day(-1) }), "invalid_input", { dueOn: "in_the_past" });
    await expectRefusal(planControl(asDpo(), { ...plan, dueOn: "" }), "invalid_input", { dueOn: "required" });
    const supervisor = await person("supervisor");
    for (const ownerId of [newId(), supervisor.userId])
      await expectRefusal(planControl(asDpo(), { ...plan, ownerId, dueOn: day(1) }), "invalid_input", {
        ownerId: "not_an_owner",
      });
  });

  it("is withdrawn without an owner, and what was planned stays", async () => {
    await planControl(asDpo(), { control, ownerId: "", dueOn: "", note: "" });
    expect((await read()).plan).toBeNull();
  });
});

describe("an accepted risk", () => {
  const risk = { control, reason: "Aguarda a troca da razão social" };

  it("is shown as accepted, never as passing, until its last day", async () => {
    const context = asDpo();
    await acceptRisk(context, { ...risk, expiresOn: day(0) });
    expect(await eventsOf(context)).toMatchObject([
      { action: "control.risk_accepted", details: { control, expiresOn: day(0) } },
    ]);
    expect(await read()).toMatchObject({ state: "accepted", risk: { acceptedBy: "Pessoa dpo", expiresOn: day(0) } });
    const { counts } = await listControls(asDpo(), {});
    expect(counts.accepted).toBe(1);
    await database()
      .update(acceptedRisks)
      .set({ expiresOn: day(-1) });
    expect(await read()).toMatchObject({ state: "fail", risk: null });
  });

  it("replaces the one before, also when two accept at once", async () => {
    const reasons = ["Primeiro motivo longo", "Segundo motivo longo"];
    const accepted = await Promise.allSettled(
      reasons.map((reason) => acceptRisk(asDpo(), { control, reason, expiresOn: day(30) })),
    );
    expect(accepted.some(({ status }) => status === "fulfilled")).toBe(true);
    const open = (await read()).risks.filter(({ withdrawnAt }) => withdrawnAt === null);
    expect(open).toHaveLength(1);
  });

  it("lasts at most a year and has a reason", async () => {
    const refused = (changed: object, fields: Record<string, string>) =>
      expectRefusal(acceptRisk(asDpo(), { ...risk, expiresOn: day(30), ...changed }), "invalid_input", fields);
    await refused({ expiresOn: day(400) }, { expiresOn: "too_far" });
    await refused({ expiresOn: day(-1) }, { expiresOn: "in_the_past" });
    await refused({ reason: "curto" }, { reason: "too_small" });
  });

  it("is withdrawn once", async () => {
    const [first, second] = [asDpo(), asDpo()];
    await withdrawRisk(first, { control });
    await withdrawRisk(second, { control });
    expect(await eventsOf(first)).toMatchObject([{ action: "control.risk_withdrawn", details: { control } }]);
    expect(await eventsOf(second)).toEqual([]);
    expect((await read()).state).toBe("fail");
  });
});
