import { z } from "zod";
import { controlNames, controls, type ControlName } from "@/lib/compliance/controls";
import type { ControlReading } from "@/lib/compliance/controls/control";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { newId } from "@/lib/core/new-id";
import { controlChecks, controlResults, type Evidence } from "@/lib/db/schema";
import type { controlStates } from "@/lib/db/schema/compliance";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

export type ControlState = (typeof controlStates)[number];

export type ControlResult = { control: ControlName; state: ControlState; evidence: Evidence };

/** Checks each control, one after the other. A check that fails itself is `unknown`, and the others go on. */
export async function evaluateControls(reading: ControlReading): Promise<ControlResult[]> {
  const results: ControlResult[] = [];
  for (const control of controlNames) results.push({ control, ...(await evaluate(control, reading)) });
  return results;
}

async function evaluate(control: ControlName, reading: ControlReading) {
  try {
    const { holds, evidence } = await controls[control].check(reading);
    const state: ControlState = holds === null ? "not_applicable" : holds ? "pass" : "fail";
    return { state, evidence };
  } catch (error) {
    log.error({ error, control }, "a control could not be checked");
    return { state: "unknown" as const, evidence: { code: error instanceof AppError ? error.code : "internal" } };
  }
}

/** Checks all controls now and keeps the results with their evidence. */
export const checkControls = command({
  permission: "compliance:check",
  input: z.object({}),
  audits: ["compliance.checked"],
  prepare: ({ db }) => evaluateControls({ db, now: new Date() }),
  run: async ({ tx, actor, prepared: results }) => {
    const id = newId();
    const count = (state: ControlState) => results.filter((result) => result.state === state).length;
    const counts = { passed: count("pass"), failed: count("fail"), unknown: count("unknown") };
    const checkedById = actor.type === "user" ? actor.userId : null;
    await tx.insert(controlChecks).values({ id, checkedById, ...counts });
    await tx.insert(controlResults).values(results.map((result) => ({ checkId: id, ...result })));
    const failing = results.filter(({ state }) => state === "fail").map(({ control }) => control);
    const target = { type: "control_check", id };
    return { result: counts, audits: [auditEvent("compliance.checked", { target, details: { ...counts, failing } })] };
  },
});
