import { asc, eq } from "drizzle-orm";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { auditActions } from "@/lib/operation/audit-actions";
import { principals, type Actor, type JobActor, type Principal } from "@/lib/operation/actor";
import { isAllowed, permissions, type Permission } from "@/lib/operation/permissions";
import { database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { findOperations, nodesOf, sourceFiles } from "../../support/source-files";
import { askedElsewhere, mayRun, needsFreshProof, sometimesNeedsFreshProof } from "./expected";

const operations = await findOperations();

/** A new actor each time, so that no quota of denial events is reached. */
function contextOf(principal: Principal): OperationContext {
  return { actor: actorOf(principal), requestId: newId(), ipAddress: null };
}

function actorOf(principal: Principal): Actor {
  if (principal === "anonymous") return { type: "anonymous" };
  if (principal === "job") return { type: "job", name: `matrix-${newId()}` as JobActor["name"] };
  if (principal === "service") return { type: "service", serviceAccountId: newId(), apiKeyId: newId() };
  return { type: "user", userId: newId(), role: principal, unitIds: [], sessionId: newId(), hasFreshProof: true };
}

const eventsOf = ({ requestId }: OperationContext) =>
  database().select().from(auditEvents).where(eq(auditEvents.requestId, requestId)).orderBy(asc(auditEvents.id));

test("every operation has one row in the table, under a unique name", () => {
  expect(operations.map(({ name }) => name).sort()).toEqual(Object.keys(mayRun).sort());
});

describe.each(operations.map((found) => [`${found.name} (${found.file})`, found] as const))(
  "%s",
  (_, { name, operation }) => {
    const may = mayRun[name] ?? [];
    test.each(principals)(`as %s: ${may.join(", ")} may`, async (principal) => {
      const context = contextOf(principal);
      const code = await operation(context, {}).then(
        () => "done",
        (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error as Error)),
      );
      const denials = (await eventsOf(context)).filter(({ action }) => action === "access.denied");
      if (may.includes(principal)) {
        expect(["forbidden", "unauthenticated"]).not.toContain(code);
        expect(denials).toEqual([]);
      } else if (principal === "anonymous") {
        expect(code).toBe("unauthenticated");
        expect(denials).toEqual([]);
      } else {
        expect(code).toBe("forbidden");
        const { permission } = operation.operation;
        expect(denials).toMatchObject([{ outcome: "denied", actorType: context.actor.type, details: { permission } }]);
      }
    });
  },
);

describe("a proof that is stale", () => {
  test("stops exactly the operations of the table", () => {
    const gated = (often: string) =>
      operations.filter(({ operation }) => operation.operation.freshProof === often).map(({ name }) => name);
    expect(gated("always").sort()).toEqual([...needsFreshProof].sort());
    expect(gated("sometimes").sort()).toEqual([...sometimesNeedsFreshProof].sort());
  });

  test.each(
    operations.filter(({ name }) => needsFreshProof.includes(name)).map((found) => [found.name, found] as const),
  )("%s: refused to people, before the input is read; not to jobs", async (name, { operation }) => {
    for (const principal of (mayRun[name] ?? []).filter((may) => may !== "anonymous")) {
      const context = contextOf(principal);
      if (context.actor.type === "user") context.actor.hasFreshProof = false;
      const code = await operation(context, {}).then(
        () => "done",
        (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error as Error)),
      );
      if (context.actor.type === "user") expect(code).toBe("fresh_proof_needed");
      else expect(code).not.toBe("fresh_proof_needed");
      expect(await eventsOf(context)).toEqual([]);
    }
  });
});

test.each(Object.entries(askedElsewhere))(
  "%s, which no operation checks, is given to the principals of the table",
  (permission, row) => {
    const allowed = principals.filter((principal) => isAllowed(actorOf(principal), permission as Permission));
    expect(allowed).toEqual(row.may);
  },
);

test("every permission is checked by an operation or named as checked elsewhere", () => {
  const used = new Set<string>(operations.map(({ operation }) => operation.operation.permission));
  expect(
    Object.keys(permissions)
      .filter((permission) => !used.has(permission))
      .sort(),
  ).toEqual(Object.keys(askedElsewhere).sort());
});

/** Written outside commands. */
const writtenOutside = ["access.denied", "audit_log.epoch_started", "audit_log.writer_closed", "audit_log.exported"];

test("every audit action is declared by a command", () => {
  const declared = new Set<string>(operations.flatMap(({ operation }) => [...operation.operation.audits]));
  expect(auditActions.filter((action) => !declared.has(action) && !writtenOutside.includes(action))).toEqual([]);
});

/** The code that reaches the database outside command() and query(), and why. */
const doors: [RegExp, string][] = [
  [/^lib\/operation\//, "command(), query() and the append of events"],
  [/^lib\/db\/client\.ts$/, "the pool"],
  [/^lib\/audit\//, "seals, verifies and exports the log"],
  [/^lib\/access\/sign-in\/(session-user|api-key-actor)\.ts$/, "who asks, before anything can be authorised"],
  [/^lib\/jobs\/(claim-jobs|job-lease)\.ts$/, "who works on which job: no event is written of it"],
  [/^lib\/overview\/read-health\.ts$/, "whether the database answers"],
];

const mutations = ["insert", "update", "delete", "execute", "transaction"];

test("code in lib reaches the database only through the steps of an operation", () => {
  const others = sourceFiles("lib").filter(({ path }) => !doors.some(([door]) => door.test(path)));
  const wrong = others.flatMap(({ path, tree }) =>
    [...nodesOf(tree)]
      .filter((node): node is ts.CallExpression => ts.isCallExpression(node))
      .filter(({ expression }) => {
        if (["database", "openDatabase"].includes(expression.getText())) return true;
        if (!ts.isPropertyAccessExpression(expression) || !mutations.includes(expression.name.text)) return false;
        return ["db", "database()"].includes(expression.expression.getText());
      })
      .map((node) => `${path}: ${node.expression.getText()}`),
  );
  expect(wrong).toEqual([]);
});

test("pages, actions and route handlers never reach the database", () => {
  const wrong = [...sourceFiles("app"), ...sourceFiles("components")].filter(({ text }) =>
    /from "(@\/lib\/db\/|drizzle-orm|postgres")/.test(text.replace(/^import type .*$/gm, "")),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});
