import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { principals, type Principal } from "@/lib/operation/actor";
import { permissions } from "@/lib/operation/permissions";

const columns: readonly Principal[] = principals;

test("the table of docs/administration.md is the permissions table", () => {
  const text = readFileSync("docs/administration.md", "utf8");
  const header = `| Permission | ${columns.join(" | ")} |`;
  const ruler = `|---|${columns.map(() => ":-:|").join("")}`;
  const rows = Object.entries(permissions).map(
    ([permission, allowed]) =>
      `| \`${permission}\` | ${columns.map((column) => ((allowed as readonly Principal[]).includes(column) ? "✓" : "")).join(" | ")} |`,
  );
  const expected = [header, ruler, ...rows].join("\n");
  const found = text.slice(text.indexOf("| Permission |")).trimEnd();
  expect(found, `Replace the table at the end of docs/administration.md with:\n\n${expected}\n`).toBe(expected);
});
