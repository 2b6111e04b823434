import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";
import { principals, roles, type Principal } from "@/lib/operation/actor";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { serviceAccount, signedInAs } from "../../support/people";
import { call, methods, portalRoutes, type Method, type PortalRoute } from "../../support/portal";
import { callsOf, importedOperation, sourceFiles } from "../../support/source-files";
import { mayCall, withoutAuthority } from "./expected";

const trees = new Map(sourceFiles("app/api").map((file) => [file.path, file.tree]));

/** What authenticates the caller of a route, read from its source. */
async function guardOf(route: PortalRoute): Promise<"operation" | "cron secret" | null> {
  const tree = trees.get(route.file)!;
  const [adapter] = callsOf(tree, "route");
  if (!adapter) return callsOf(tree, "cronRoute").length > 0 ? "cron secret" : null;
  const name = adapter.arguments[0]!.getText();
  if (!(await importedOperation(tree, name))) throw new Error(`${route.file}: ${name} is no operation`);
  return "operation";
}

type Address = { name: string; route: PortalRoute; method: Method; guard: Awaited<ReturnType<typeof guardOf>> };

const addresses = (
  await Promise.all(
    (await portalRoutes()).map(async (route): Promise<Address[]> => {
      const [module, guard] = [await route.load(), await guardOf(route)];
      const found = methods.filter((method) => module[method]);
      return found.map((method) => ({ name: `${method} ${route.path}`, route, method, guard }));
    }),
  )
).flat();

let headersOf: Record<Principal, Record<string, string>>;

beforeAll(async () => {
  const people = await Promise.all(roles.map(async (role) => [role, (await signedInAs(role)).headers] as const));
  headersOf = {
    ...(Object.fromEntries(people) as Record<(typeof roles)[number], Record<string, string>>),
    service: (await serviceAccount()).headers,
    job: { authorization: `Bearer ${env().CRON_SECRET}` },
    anonymous: { origin: new URL(env().NEXTAUTH_URL).origin, "sec-fetch-site": "same-origin" },
  };
});

async function ask({ route, method }: Address, principal: Principal): Promise<number> {
  const path = route.path.replace(/\[\.\.\.\w+\]/, "recordings/none").replace(/\[\w+\]/g, newId);
  const body = method === "GET" || method === "HEAD" ? {} : { json: {} };
  const answered = await call(method, path, { headers: headersOf[principal], ...body });
  await answered.body?.cancel();
  return answered.status;
}

test("every route has a row: who may call it, or why it authenticates nobody", () => {
  const names = (guarded: boolean) =>
    addresses.filter(({ guard }) => (guard !== null) === guarded).map(({ name }) => name);
  expect(names(true).sort()).toEqual(Object.keys(mayCall).sort());
  expect(names(false).sort()).toEqual(Object.keys(withoutAuthority).sort());
});

test("every route file exports adapters only", () => {
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

describe.each(addresses.filter(({ guard }) => guard !== null))("$name", (address) => {
  const may = mayCall[address.name] ?? [];
  test.each(principals)(`as %s: ${may.join(", ")} may`, async (principal) => {
    const status = await ask(address, principal);
    // The cron secret is no API key, and a session or an API key is no cron secret.
    const isUnknown = principal === "anonymous" || principal === "job" || address.guard === "cron secret";
    if (!may.includes(principal)) expect(status).toBe(isUnknown ? 401 : 403);
    else expect(address.guard === "cron secret" ? [200] : [200, 201, 404, 409, 422]).toContain(status);
  });
});
