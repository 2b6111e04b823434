import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import type { Operation } from "@/lib/operation/operation";

export const root = path.resolve(import.meta.dirname, "../..");

export type SourceFile = { path: string; text: string; tree: ts.SourceFile };

/** The TypeScript files of a folder, parsed. Paths are relative to the project. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /(?<!\.d)\.tsx?$/.test(name))
    .map((name) => path.join(folder, name))
    .sort()
    .map((file) => {
      const text = readFileSync(path.join(root, file), "utf8");
      return { path: file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
    });
}

/** Every node of a tree. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

/** Calls of a plain name: `route(…)`, `runAction(…)`. */
export function callsOf(node: ts.Node, name: string): ts.CallExpression[] {
  return [...nodesOf(node)].filter(
    (found): found is ts.CallExpression => ts.isCallExpression(found) && found.expression.getText() === name,
  );
}

/** Imported name -> module, without type imports. */
export function importsOf(tree: ts.SourceFile): Map<string, string> {
  const imports = new Map<string, string>();
  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement) || statement.importClause?.isTypeOnly) continue;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    for (const element of bindings.elements)
      if (!element.isTypeOnly) imports.set(element.name.text, (statement.moduleSpecifier as ts.StringLiteral).text);
  }
  return imports;
}

export type AnyOperation = Operation<unknown, unknown>;
export type FoundOperation = { name: string; file: string; operation: AnyOperation };

const isOperation = (value: unknown): value is AnyOperation => typeof value === "function" && "operation" in value;

export const importModule = (file: string) =>
  import(/* @vite-ignore */ pathToFileURL(path.join(root, file)).href) as Promise<Record<string, unknown>>;

/** Every operation of lib: the results of command() and query(). */
export async function findOperations(): Promise<FoundOperation[]> {
  const files = sourceFiles("lib").filter(({ tree }) =>
    ["command", "query"].some((name) => importsOf(tree).get(name) === "@/lib/operation/operation"),
  );
  const found = await Promise.all(
    files.map(async ({ path: file }) => {
      const exported = Object.entries(await importModule(file)).filter((entry): entry is [string, AnyOperation] =>
        isOperation(entry[1]),
      );
      if (exported.length === 0) throw new Error(`${file} makes no operation that others can see`);
      return exported.map(([name, operation]) => ({ name, file, operation }));
    }),
  );
  return found.flat();
}

/** The operation that a file imports under this name; null if it is no operation. */
export async function importedOperation(tree: ts.SourceFile, name: string): Promise<AnyOperation | null> {
  const specifier = importsOf(tree).get(name);
  if (!specifier?.startsWith("@/lib/")) return null;
  const value = (await importModule(`${specifier.slice(2)}.ts`))[name];
  return isOperation(value) ? value : null;
}
