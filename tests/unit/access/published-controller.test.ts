import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const textOf = (path: string) => readFileSync(path, "utf8");

/** Whether a page or route shows the controller and its encarregado to people without a sign-in. */
const isPublished = globSync("{app,components,lib/http}/**/*.{ts,tsx}").some((path) =>
  textOf(path).includes("/read-public-controller"),
);

test.each([
  ["lib/i18n/messages/pt-BR/controller.json", /portal ainda não a publica/, /qualquer pessoa|para todos|"Público/],
  ["lib/i18n/messages/en/controller.json", /portal does not publish it yet/, /everybody|everyone|anyone|"Public/],
  ["docs/administration.md", /portal does not publish any of it yet/, /\| published \|/],
])("%s says that the details are published only if they are", (path, notYet, published) => {
  const text = textOf(path).replaceAll("\n", " ");
  expect(notYet.test(text), "says that they are not published").toBe(!isPublished);
  expect(published.test(text) && !isPublished, "claims that they are published").toBe(false);
});
