import { globSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { sourceFiles } from "../../support/source-files";

const helper = "tests/support/wait-until.ts";

/** Files that simulate a slow edge or a slow writer. No other file may take a fixed time. */
const simulators = [
  "tests/support/fault-proxy.ts",
  "tests/support/mortal-process.ts",
  "tests/integration/audit/sealing.test.ts",
];

/** Runs in a page, where it listens again after some milliseconds until the sound is over. */
const listener = "tests/formats/play-in-page.ts";

/** What a test may spy on: the edges of its process. */
const edges = ["console", "Math", "Date", "process", "globalThis"];

const databaseSleep = ["pg", "sleep"].join("_");

const isOurs = (specifier: string) => /^(@\/|\.|.*\/(lib|app|components|scripts)\/)/.test(specifier);

/** True for a wait with Vitest's own limit of one second, which a loaded machine exceeds. Playwright's is our own. */
function isImpatient(path: string, { expression, arguments: [, options] }: ts.CallExpression): boolean {
  if (!/^(vi\.(waitFor|waitUntil)|expect\.poll)$/.test(expression.getText().replace(/\s/g, ""))) return false;
  if (path.startsWith("tests/browser/")) return false;
  return !options || (ts.isObjectLiteralExpression(options) && !/\btimeout\b/.test(options.getText()));
}

/** Why this node breaks a habit; null when it does not. */
function problemOf(path: string, node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node) && node.text.includes(databaseSleep)) return "sleeps in the database";
  if (ts.isImportDeclaration(node)) {
    const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
    const isTimer = /^(node:)?timers(\/promises)?$/.test(specifier) && /\bsetTimeout\b|\* as/.test(node.getText());
    if (isTimer && path !== helper) return `imports setTimeout of ${specifier}`;
    if (/\bsimulatedDelay\b/.test(node.getText()) && !simulators.includes(path)) return "imports simulatedDelay";
  }
  if (!ts.isCallExpression(node)) return null;
  const called = node.expression.getText();
  const [first] = node.arguments;
  if (/(^|\.)(setTimeout|waitForTimeout)$/.test(called) && path !== helper && path !== listener)
    return `calls ${called}`;
  if (called === "vi.spyOn" && !edges.includes(first!.getText())) return `spies on ${first!.getText()}`;
  if (isImpatient(path, node)) return "waits one second at most";
  if (!/^vi\.(mock|doMock)$/.test(called)) return null;
  const mocked = first && ts.isStringLiteralLike(first) ? first.text : null;
  return mocked === null || isOurs(mocked) ? `mocks ${first!.getText()}` : null;
}

function problemsOf(path: string, tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    const problem = problemOf(path, node);
    if (problem) found.push(`${path}: ${problem}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const files = sourceFiles("tests");

test("no test sleeps for a fixed time, waits too short, spies on a module of the portal or mocks one", () => {
  expect(files.length).toBeGreaterThan(200);
  const wrong = files.flatMap(({ path, tree }) => problemsOf(path, tree));
  expect(wrong, "Wait with `waitUntil` or `vi.waitFor`; observe the log, the network, the disk, the database.").toEqual(
    [],
  );
});

test.each(["lib", "app", "components", "scripts", "tests"])("no line in %s has more than 120 characters", (folder) => {
  const long = globSync(`${folder}/**/*.{ts,tsx,mjs}`).flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line, index) => (line.length > 120 ? `${path}:${index + 1}` : [])),
  );
  expect(long).toEqual([]);
});

test.each([
  [`import { setTimeout as sleep } from "node:timers/promises";`],
  [`import { simulatedDelay } from "../support/wait-until";`],
  [`await new Promise((resolve) => setTimeout(resolve, 2000));`],
  [`await page.waitForTimeout(500);`],
  ["await tx.execute(sql`select " + databaseSleep + "(1)`);"],
  [`await vi.waitFor(() => expect(files).toHaveLength(1));`],
  [`await vi.waitFor(() => expect(files).toHaveLength(1), { interval: 20 });`],
  [`await expect.poll(count).toBe(1);`],
  [`vi.spyOn(log, "error");`],
  [`vi.spyOn(configuredStore(), "put");`],
  [`vi.spyOn(DecodingWorker.prototype, "measure");`],
  [`vi.mock("@/lib/core/log");`],
  [`vi.doMock("../../lib/core/log", () => ({}));`],
  [`vi.mock(import("@/lib/core/log"));`],
])("refuses %s", (text) => {
  expect(
    problemsOf("tests/unit/x.test.ts", ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true)),
  ).toHaveLength(1);
});

test.each([
  [`await waitUntil("it is there", () => existsSync(file));`],
  [`vi.spyOn(console, "error").mockImplementation(() => undefined);`],
  [`await vi.waitFor(() => expect(files).toHaveLength(1), { timeout: 20_000 });`],
  [`vi.mock("node:timers/promises", () => ({}));`],
])("accepts %s", (text) => {
  expect(problemsOf("tests/unit/x.test.ts", ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true))).toEqual(
    [],
  );
});
