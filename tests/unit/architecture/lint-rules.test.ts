import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");

/** A file that breaks a rule, the rule, and a file of the same kind that keeps it. */
const planted = {
  "a promise that nobody awaits": {
    rule: "typescript(no-floating-promises)",
    wrong: { "lib/media/wrong.ts": "const later = async () => 1;\nexport const start = () => {\n  later();\n};\n" },
    right: {
      "lib/media/right.ts": "const later = async () => 1;\nexport const start = async () => {\n  await later();\n};\n",
    },
  },
  "React in a room of lib": {
    rule: "eslint(no-restricted-imports)",
    wrong: { "lib/media/wrong.ts": 'export { useState } from "react";\n' },
    right: { "components/ui/right.ts": 'export { useState } from "react";\n' },
  },
  "the database in a room of lib": {
    rule: "eslint(no-restricted-imports)",
    wrong: { "lib/media/wrong.ts": 'export { database } from "@/lib/db/client";\n' },
    right: { "lib/operation/right.ts": 'export { database } from "@/lib/db/client";\n' },
  },
  "a statement in a page": {
    rule: "eslint(no-restricted-imports)",
    wrong: { "app/wrong.ts": 'export { sql } from "drizzle-orm";\n' },
    right: { "app/right.ts": 'export type { SQL } from "drizzle-orm";\n' },
  },
  "an operation in a component": {
    rule: "eslint(no-restricted-imports)",
    wrong: { "components/ui/wrong.ts": 'export { listUnits } from "@/lib/access/units/list-units";\n' },
    right: { "components/ui/right.ts": 'export { locales } from "@/lib/i18n/locales";\n' },
  },
  "a package that is slow to load": {
    rule: "eslint(no-restricted-imports)",
    wrong: { "scripts/wrong.ts": 'export { addDays } from "date-fns";\n' },
    right: { "scripts/right.ts": 'export { addDays } from "date-fns/addDays";\n' },
  },
  "a text that is not translated": {
    rule: "react(jsx-no-literals)",
    wrong: { "components/ui/wrong.tsx": "export const Hint = () => <p>Nothing here</p>;\n" },
    right: { "components/ui/right.tsx": "export const Dash = () => <p>–</p>;\n" },
  },
  "a role without its state": {
    rule: "jsx-a11y(role-has-required-aria-props)",
    wrong: { "components/ui/wrong.tsx": 'export const Toggle = () => <span role="switch" tabIndex={0} />;\n' },
    right: {
      "components/ui/right.tsx":
        'export const Toggle = () => <span role="switch" aria-checked="false" tabIndex={0} />;\n',
    },
  },
  "the environment outside its room": {
    rule: "node(no-process-env)",
    wrong: { "lib/media/wrong.ts": "export const home = process.env.HOME;\n" },
    right: { "lib/core/env.ts": "export const home = process.env.HOME;\n" },
  },
  "a hook behind a condition": {
    rule: "react-hooks(rules-of-hooks)",
    wrong: {
      "components/ui/wrong.ts":
        'import { useState } from "react";\nexport const useOne = (on: boolean) => (on ? useState(1) : null);\n',
    },
    right: {
      "components/ui/right.ts": 'import { useState } from "react";\nexport const useOne = () => useState(1);\n',
    },
  },
} as const;

let folder: string;
let output: string;

const files = (side: "wrong" | "right") =>
  Object.entries(planted).map(([what, one], index) => {
    const [[name, content]] = Object.entries(one[side]) as [[string, string]];
    // Each in a folder of its own, below the one that the rule is for.
    const isExact = name === "lib/core/env.ts";
    return {
      what,
      rule: one.rule,
      content,
      name: isExact ? name : path.join(path.dirname(name), `p${index}`, path.basename(name)),
    };
  });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "custodia-lint-"));
  for (const name of ["oxlint.config.ts", "tsconfig.json"])
    copyFileSync(path.join(root, name), path.join(folder, name));
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  for (const { name, content } of [...files("wrong"), ...files("right")]) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  output = await new Promise((resolve) => {
    const oxlint = path.join(root, "node_modules/oxlint/bin/oxlint");
    execFile(process.execPath, [oxlint, "-f", "unix"], { cwd: folder }, (_error, stdout) => resolve(stdout));
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(files("wrong"))("lint refuses $what", ({ name, rule }) => {
  const lines = output.split("\n").filter((line) => line.startsWith(name));
  expect(
    lines.some((line) => line.includes(rule)),
    `${lines.join("\n")}\n${output}`,
  ).toBe(true);
});

test.each(files("right"))("lint accepts the opposite of $what", ({ name }) => {
  expect(output.split("\n").filter((line) => line.startsWith(name))).toEqual([]);
});
