import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const spokenAttributes = new Set([
  "aria-label",
  "aria-description",
  "aria-roledescription",
  "alt",
  "label",
  "placeholder",
  "title",
  "hint",
  "description",
  "legend",
]);
const words = /\p{L}{2,}/u;

function spoken(node: ts.Node): string | undefined {
  if (ts.isJsxText(node)) return node.text;
  if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
    return spokenAttributes.has(node.name.getText()) ? node.initializer.text : undefined;
  }
  if (
    ts.isJsxExpression(node) &&
    node.expression &&
    ts.isStringLiteralLike(node.expression) &&
    !ts.isJsxAttribute(node.parent)
  ) {
    return node.expression.text;
  }
  return undefined;
}

/** Text written into the markup of one file instead of coming from the messages, with its line. */
function literalTexts(name: string, source: string): string[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = spoken(node)?.trim();
    if (text && words.test(text))
      found.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${text}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe("text of the interface", () => {
  it("comes from the messages in every component and page", () => {
    const files = globSync("{app,components}/**/*.tsx", { cwd: root });
    expect(files.length).toBeGreaterThan(30);
    expect(files.flatMap((name) => literalTexts(name, readFileSync(`${root}/${name}`, "utf8")))).toEqual([]);
  });

  it("is detected when it is written into the markup", () => {
    expect(literalTexts("x.tsx", 'const a = <p title="Olá">Bom dia {"mundo"} {t(\'key\')} · 10×</p>;')).toEqual([
      "x.tsx:1 Olá",
      "x.tsx:1 Bom dia",
      "x.tsx:1 mundo",
    ]);
    expect(literalTexts("x.tsx", "const a = <p className=\"grid\">{t('key')} · 1×</p>;")).toEqual([]);
  });
});
