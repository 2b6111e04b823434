import ts from "typescript";
import { describe, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import {
  callsOf,
  importedOperation,
  nodesOf,
  sourceFiles,
  type AnyOperation,
  type SourceFile,
} from "../../support/source-files";

/** Actions without an operation, and why. */
const withoutOperation: Record<string, string> = {
  "lib/http/set-locale.ts setLocale": "sets the language cookie of the browser that asks",
};

/** Actions whose operation needs nothing of its caller, and why it refuses here. */
const withoutInput: Record<string, string> = {
  // The tests reach the portal at an IP address.
  "app/(public)/sign-in/actions.ts beginPasskeySignInAction": "passkeys_unavailable",
};

const files = ["app", "components", "lib"].flatMap(sourceFiles);
const isDirective = (statement: ts.Statement | undefined) =>
  statement !== undefined &&
  ts.isExpressionStatement(statement) &&
  ts.isStringLiteral(statement.expression) &&
  statement.expression.text === "use server";
const actionFiles = files.filter(({ tree }) => isDirective(tree.statements[0]));

type Action = { name: string; declaration: ts.FunctionDeclaration };

function actionsOf({ tree }: SourceFile): Action[] {
  return tree.statements
    .filter(
      (statement): statement is ts.FunctionDeclaration => ts.isFunctionDeclaration(statement) && isExported(statement),
    )
    .map((declaration) => ({ name: declaration.name!.text, declaration }));
}

const isExported = (node: ts.HasModifiers) =>
  ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;

/** The operations that an action runs: as the user who is signed in, or as nobody in particular. */
async function operationsOf(
  file: SourceFile,
  { declaration }: Action,
  runner: "runAction" | "runPublicAction" | "runAsNobody",
): Promise<(AnyOperation | null)[]> {
  return Promise.all(
    callsOf(declaration, runner).map((ran) => importedOperation(file.tree, ran.arguments[0]!.getText())),
  );
}

/** The folder of the pages without a sign-in. */
const isPublic = ({ path }: SourceFile) => path.startsWith("app/(public)/");

const found = actionFiles.flatMap((file) =>
  actionsOf(file).map((action) => ({ title: `${file.path} ${action.name}`, file, action })),
);

test("server actions exist, and none is defined inside a component", () => {
  expect(found.length).toBeGreaterThan(10);
  const hidden = files.flatMap(({ path, tree }) =>
    [...nodesOf(tree)].filter((node) => ts.isBlock(node) && isDirective(node.statements[0])).map(() => path),
  );
  expect(hidden).toEqual([]);
});

test("a file of actions exports nothing else", () => {
  const others = actionFiles.flatMap(({ path, tree }) =>
    tree.statements
      .filter(
        (statement) =>
          (ts.canHaveModifiers(statement) &&
            isExported(statement) &&
            !ts.isFunctionDeclaration(statement) &&
            !ts.isTypeAliasDeclaration(statement)) ||
          ts.isExportDeclaration(statement),
      )
      .map((statement) => `${path}: ${statement.getText()}`),
  );
  expect(others).toEqual([]);
});

describe.each(found)("$title", ({ title, file, action }) => {
  test("runs exactly one operation, which only public pages open to an anonymous caller", async () => {
    const operations = await operationsOf(file, action, "runAction");
    const open = [
      ...(await operationsOf(file, action, "runPublicAction")),
      ...(await operationsOf(file, action, "runAsNobody")),
    ];
    if (title in withoutOperation) return expect([...operations, ...open]).toEqual([]);
    expect([operations.length, open.length]).toEqual(isPublic(file) ? [0, 1] : [1, 0]);
    const context = { actor: { type: "anonymous" as const }, requestId: newId(), ipAddress: null };
    const code = isPublic(file) ? (withoutInput[title] ?? "invalid_input") : "unauthenticated";
    await expect([...operations, ...open][0]!(context, {})).rejects.toMatchObject({ code });
  });
});
