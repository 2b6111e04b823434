import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../../support/source-files";

const text = readFileSync(path.join(root, "docs/security.md"), "utf8");
const rows = [...text.matchAll(/^\| (\d+)\.(\d+)\.(\d+) \| ([12]) \| (.+) \| (.+) \|$/gm)].map((row) => ({
  id: row.slice(1, 4).join("."),
  chapter: Number(row[1]),
  level: row[4]!,
  shownBy: row[6]!,
}));

/** The requirements of level 1 and of level 2 in ASVS 5.0.0, by chapter V1 to V17. */
const counts = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7];

test("every requirement of ASVS 5.0 at levels 1 and 2 has its row, once", () => {
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  expect(counts.map((_, index) => rows.filter(({ chapter }) => chapter === index + 1).length)).toEqual(counts);
  expect(["1", "2"].map((level) => rows.filter((row) => row.level === level).length)).toEqual([70, 183]);
});

test("every row names a test, a page of the docs, a file, the reason why it does not apply, or is open", () => {
  const empty = rows.filter(
    ({ shownBy }) =>
      !/`(tests|lib)\/|\[.+\]\(.+\)/.test(shownBy) && !/^(design: .|not applicable, because .)/.test(shownBy),
  );
  expect(empty).toEqual([]);
});

test("every file that is named exists", () => {
  const named = [...text.matchAll(/`((?:tests|lib|scripts)\/[^`\s*]+)`/g)].map(([, file]) => file!);
  const pages = [...text.matchAll(/\]\(([\w.-]+\.md)/g)].map(([, page]) => `docs/${page!}`);
  expect([...named, ...pages].filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  expect(named.length).toBeGreaterThan(150);
});
