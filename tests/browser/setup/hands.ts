import { expect, type Locator, type Page } from "@playwright/test";

/** How somebody works a page: what a step is, is the same for a finger, a mouse and a keyboard. */
export type Hands = {
  press: (target: Locator) => Promise<void>;
  check: (target: Locator) => Promise<void>;
  fill: (target: Locator, text: string) => Promise<void>;
  choose: (target: Locator, label: string) => Promise<void>;
};

export const pointer: Hands = {
  press: (target) => target.click(),
  check: (target) => target.check(),
  fill: (target, text) => target.fill(text),
  choose: async (target, label) => void (await target.selectOption(label)),
};

/** Nothing but keys: what Tab does not reach, or a key does not work, fails. */
export function keyboard(page: Page): Hands {
  const { keyboard: keys } = page;
  return {
    press: async (target) => {
      await tabTo(page, target);
      await keys.press("Enter");
    },
    check: async (target) => {
      await tabTo(page, target);
      await keys.press("Space");
      await expect(target).toBeChecked();
    },
    fill: async (target, text) => {
      await tabTo(page, target);
      await keys.press("ControlOrMeta+a");
      await keys.type(text);
      await expect(target).toHaveValue(text);
    },
    choose: async (target, label) => {
      await tabTo(page, target);
      const option = target.getByRole("option", { name: label, exact: true });
      const value = await option.getAttribute("value");
      const count = await target.locator("option").count();
      await keys.press("Home");
      for (let step = 0; step < count && (await target.inputValue()) !== value; step += 1)
        await keys.press("ArrowDown");
      await expect(target).toHaveValue(value!);
    },
  };
}

const mostStops = 200;

async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const hasFocus = () => target.evaluate((element) => element === document.activeElement);
  for (let stop = 0; stop < mostStops && !(await hasFocus()); stop += 1) await page.keyboard.press("Tab");
  await expect(target).toBeFocused();
}
