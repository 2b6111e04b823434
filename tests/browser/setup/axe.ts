import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";
import type * as Axe from "axe-core";

/** The minified script is half as long as `axe.source`. */
const script = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Expects that axe finds nothing: with `rules` it runs these alone, otherwise all that are on by default. */
export async function expectNoViolations(page: Page, what: string, rules?: string[]): Promise<void> {
  // A colour is only itself once its transition has ended. The sign of a form that waits turns for ever.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(({ playState, effect }) => playState !== "running" || effect?.getComputedTiming().endTime === Infinity),
  );
  // Once a page load, however often axe runs on the page. No page has frames.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(script);
  const violations = await page.evaluate(async (only) => {
    const { axe } = window as unknown as { axe: typeof Axe };
    const found = await axe.run(document, { resultTypes: ["violations"], ...(only ? { runOnly: only } : {}) });
    return found.violations.map(({ id, nodes }) => `${id} ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  }, rules);
  expect(violations, what).toEqual([]);
}
