import { asc, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { database } from "@/lib/db/client";
import { auditEvents, units } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command, query, refuse, type OperationContext } from "@/lib/operation/operation";
import { operator } from "../../support/people";

type Ending = "result" | "unchanged" | "refusal" | "throw";
const steps: string[] = [];

/** A command that writes a row and can end in every way. */
const makeUnit = command({
  permission: "unit:write",
  input: z.object({
    id: z.uuid(),
    ending: z.enum(["result", "unchanged", "refusal", "throw"]),
    afterFails: z.boolean().default(false),
    name: z.string().default("x"),
  }),
  audits: ["unit.created"],
  prepare: async ({ db, input }) => {
    steps.push("prepare");
    return db.$count(units, eq(units.id, input.id));
  },
  run: async ({ tx, input, prepared }) => {
    steps.push("run");
    const event = auditEvent("unit.created", { target: { type: "unit", id: input.id }, details: { prepared } });
    await tx.insert(units).values({ id: input.id, code: input.id, name: input.name, timeZone: "UTC" });
    if (input.ending === "throw") throw new AppError("conflict");
    if (input.ending === "refusal") return refuse(new AppError("code_taken"), event);
    return input.ending === "unchanged" ? { result: "same", unchanged: true } : { result: "made", audits: [event] };
  },
  afterCommit: async ({ input }) => {
    steps.push("afterCommit");
    if (input.afterFails) throw new Error("the store is away");
  },
  afterRefusal: async () => void steps.push("afterRefusal"),
});

async function run(context: OperationContext, ending: Ending, more: { afterFails?: boolean; name?: string } = {}) {
  const id = newId();
  steps.length = 0;
  const outcome = await makeUnit(context, { id, ending, ...more }).catch((error: AppError) => error.code);
  const events = await database()
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.requestId, context.requestId))
    .orderBy(asc(auditEvents.id));
  return {
    outcome,
    rows: await database().$count(units, eq(units.id, id)),
    events: events.map(({ action }) => action),
    steps: [...steps],
  };
}

describe("a command", () => {
  test("commits its change and its events together", async () => {
    expect(await run(operator(), "result")).toEqual({
      outcome: "made",
      rows: 1,
      events: ["unit.created"],
      steps: ["prepare", "run", "afterCommit"],
    });
  });
  test("that changes nothing writes no event", async () => {
    expect(await run(operator(), "unchanged")).toMatchObject({ outcome: "same", events: [] });
  });
  test("that refuses commits its rows and its event, and then throws", async () => {
    expect(await run(operator(), "refusal")).toEqual({
      outcome: "code_taken",
      rows: 1,
      events: ["unit.created"],
      steps: ["prepare", "run", "afterRefusal"],
    });
  });
  test("that throws rolls everything back", async () => {
    expect(await run(operator(), "throw")).toEqual({
      outcome: "conflict",
      rows: 0,
      events: [],
      steps: ["prepare", "run"],
    });
  });
  test("succeeds even when the step after its commit fails", async () => {
    expect(await run(operator(), "result", { afterFails: true })).toMatchObject({
      outcome: "made",
      rows: 1,
      events: ["unit.created"],
    });
  });
  test("prepares nothing without permission or with invalid input", async () => {
    const auditor = operator();
    const denied: OperationContext = {
      ...auditor,
      actor: { ...(auditor.actor as { type: "user" }), role: "auditor" } as OperationContext["actor"],
    };
    expect(await run(denied, "result")).toEqual({
      outcome: "forbidden",
      rows: 0,
      events: ["access.denied"],
      steps: [],
    });
    expect(await run(operator(), "else" as Ending)).toEqual({
      outcome: "invalid_input",
      rows: 0,
      events: [],
      steps: [],
    });
    expect(await run(operator(), "result", { name: "a\u0000b" })).toEqual({
      outcome: "invalid_input",
      rows: 0,
      events: [],
      steps: [],
    });
  });
  test("whose event cannot be written changes nothing", async () => {
    const broken: OperationContext = { ...operator(), requestId: "no uuid" };
    const id = newId();
    await expect(makeUnit(broken, { id, ending: "result" })).rejects.toThrow();
    expect(await database().$count(units, eq(units.id, id))).toBe(0);
  });
});

/** A command that needs no transaction once its row exists. */
const ensureUnit = command({
  permission: "unit:write",
  input: z.object({ id: z.uuid() }),
  audits: ["unit.created"],
  prepare: ({ db, input }) => db.$count(units, eq(units.id, input.id)),
  unchanged: ({ prepared }) => (prepared > 0 ? { result: "kept" } : null),
  run: async ({ tx, input: { id } }) => {
    steps.push("run");
    await tx.insert(units).values({ id, code: id, name: "x", timeZone: "UTC" });
    return { result: "made", audits: [auditEvent("unit.created", { target: { type: "unit", id } })] };
  },
  afterCommit: async () => void steps.push("afterCommit"),
});

test("a command with nothing to change returns before its transaction, but checks the permission", async () => {
  const [context, id] = [operator(), newId()];
  steps.length = 0;
  expect(await ensureUnit(context, { id })).toBe("made");
  expect(await ensureUnit(context, { id })).toBe("kept");
  expect(steps).toEqual(["run", "afterCommit"]);
  expect(await database().$count(auditEvents, eq(auditEvents.requestId, context.requestId))).toBe(1);
  const nobody: OperationContext = { ...context, actor: { type: "anonymous" } };
  await expect(ensureUnit(nobody, { id })).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a query gets a database without write methods", async () => {
  const look = query({ permission: "unit:list", input: z.object({}), run: async ({ db }) => db });
  const db = await look(operator(), {});
  // @ts-expect-error the type has no insert
  expect(db.insert).toBeDefined();
  expect(await db.$count(units)).toBeGreaterThanOrEqual(0);
});
