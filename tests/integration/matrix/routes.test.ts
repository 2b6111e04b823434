import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";
import { principals, type Principal } from "@/lib/operation/actor";
import { permissions, type Permission } from "@/lib/operation/permissions";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { serviceAccount, signedInAs } from "../../support/people";
import { call, methods, portalRoutes, type Method, type PortalRoute } from "../../support/portal";
import { callsOf, importedOperation, sourceFiles } from "../../support/source-files";

/** Route handlers that ask nobody who they are, and why. */
const open: Record<string, string> = {
  "/api/health": "load balancers; says ok or not",
  "/api/openapi.json": "the description of the upload API",
  "/api/auth/[...nextauth]": "the sign-in itself, which Next alone can serve",
  "/api/store/[...key]": "the signed link is the only authority",
};

/** Routes that everybody may ask, since something else decides. */
const decidedElsewhere: Record<string, string> = {
  "/api/audit-log/public-key": "whoever has an export may check it: the key is public",
  "/api/playback/[grantId]": "the grant decides, and each refusal is an event",
};

type Guard = { kind: "operation"; permission: Permission } | { kind: "cron" } | { kind: "open" };

const trees = new Map(sourceFiles("app/api").map((file) => [file.path, file.tree]));

async function guardOf(route: PortalRoute): Promise<Guard> {
  const tree = trees.get(route.file)!;
  const [adapter] = callsOf(tree, "route");
  if (adapter) {
    const name = adapter.arguments[0]!.getText();
    const operation = await importedOperation(tree, name);
    if (!operation) throw new Error(`${route.file}: ${name} is no operation`);
    return { kind: "operation", permission: operation.operation.permission };
  }
  return callsOf(tree, "cronRoute").length > 0 ? { kind: "cron" } : { kind: "open" };
}

const routes = await Promise.all((await portalRoutes()).map(async (route) => ({ route, guard: await guardOf(route) })));

async function handlersOf(route: PortalRoute): Promise<Method[]> {
  const module = await route.load();
  return methods.filter((method) => module[method]);
}

let headersOf: Record<Principal, Record<string, string>>;

beforeAll(async () => {
  const ownPage = { origin: new URL(env().NEXTAUTH_URL).origin, "sec-fetch-site": "same-origin" };
  const people = await Promise.all(
    (["admin", "supervisor", "dpo", "auditor"] as const).map(
      async (role) => [role, (await signedInAs(role)).headers] as const,
    ),
  );
  headersOf = {
    ...(Object.fromEntries(people) as Record<"admin" | "supervisor" | "dpo" | "auditor", Record<string, string>>),
    service: (await serviceAccount()).headers,
    job: { authorization: `Bearer ${env().CRON_SECRET}` },
    anonymous: ownPage,
  };
});

const addressOf = ({ path }: PortalRoute) =>
  path.replace(/\[\.\.\.\w+\]/, "recordings/none").replace(/\[\w+\]/g, newId);

async function ask(route: PortalRoute, method: Method, principal: Principal): Promise<number> {
  const hasBody = method !== "GET" && method !== "HEAD";
  const answered = await call(method, addressOf(route), {
    headers: headersOf[principal],
    ...(hasBody ? { json: {} } : {}),
  });
  await answered.body?.cancel();
  return answered.status;
}

test("only these routes ask nobody who they are", () => {
  const unguarded = routes.filter(({ guard }) => guard.kind === "open").map(({ route }) => route.path);
  expect(unguarded.sort()).toEqual(Object.keys(open).sort());
});

test("only these operations are open to nobody through a route", () => {
  const forNobody = routes.filter(
    ({ guard }) =>
      guard.kind === "operation" && (permissions[guard.permission] as readonly Principal[]).includes("anonymous"),
  );
  expect(forNobody.map(({ route }) => route.path)).toEqual(Object.keys(decidedElsewhere));
});

test("every export of a route is the adapter itself", () => {
  for (const [path, tree] of trees) {
    if (!path.endsWith("route.ts")) continue;
    const logic = tree.statements.filter(
      (statement) => ts.isFunctionDeclaration(statement) || ts.isIfStatement(statement),
    );
    expect(
      logic.map((statement) => statement.getText()),
      path,
    ).toEqual([]);
  }
});

describe.each(routes.filter(({ guard }) => guard.kind === "operation"))("$route.path", ({ route, guard }) => {
  test.each(principals)("%s", async (principal) => {
    const { permission } = guard as { permission: Permission };
    for (const method of await handlersOf(route)) {
      const status = await ask(route, method, principal);
      // The cron secret is no API key: jobs come in by their own door.
      if (principal === "job") expect(status).toBe(401);
      else if ((permissions[permission] as readonly Principal[]).includes(principal))
        expect([200, 201, 404, 409, 422]).toContain(status);
      else expect(status).toBe(principal === "anonymous" ? 401 : 403);
    }
  });
});

describe.each(routes.filter(({ guard }) => guard.kind === "cron"))("$route.path", ({ route }) => {
  test.each(principals)("%s", async (principal) => {
    for (const method of await handlersOf(route))
      expect(await ask(route, method, principal)).toBe(principal === "job" ? 200 : 401);
  });
});
