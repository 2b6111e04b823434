import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { principals, type Principal } from "@/lib/operation/actor";
import { permissions } from "@/lib/operation/permissions";

const inOrder = (allowed: readonly Principal[]) => principals.filter((principal) => allowed.includes(principal));

/** One row for each set of principals, with every permission that exactly these have. */
function expectedTable(): string {
  const rows = new Map<string, string[]>();
  for (const [permission, allowed] of Object.entries(permissions)) {
    const who = inOrder(allowed).join(", ");
    rows.set(who, [...(rows.get(who) ?? []), `\`${permission}\``]);
  }
  return ["| who | may |", "|---|---|", ...[...rows].map(([who, may]) => `| ${who} | ${may.join(", ")} |`)].join("\n");
}

test("the table of docs/administration.md equals the permissions table", () => {
  const text = readFileSync("docs/administration.md", "utf8");
  const expected = expectedTable();
  const found = text.slice(text.indexOf("| who | may |")).trimEnd();
  expect(found, `Replace the table at the end of docs/administration.md with:\n\n${expected}\n`).toBe(expected);
});

test("the table names every permission once", () => {
  const named = [...expectedTable().matchAll(/`([^`]+)`/g)].map(([, permission]) => permission!);
  expect(named.toSorted()).toEqual(Object.keys(permissions).toSorted());
});
