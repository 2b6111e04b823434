import { chromium } from "@playwright/test";
import { patienceMs, type StartedBrowser } from "./browser-tab";

/** Starts the Chromium of the browser tests. */
export async function startChromium(): Promise<StartedBrowser> {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", ...asRoot];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args });
  const page = await browser.newPage({ locale: "pt-BR" });
  page.setDefaultTimeout(patienceMs);
  return {
    version: `Chromium ${browser.version()}`,
    close: () => browser.close(),
    tab: {
      open: async (url) => void (await page.goto(url)),
      click: (selector) => page.click(selector),
      type: (selector, text) => page.fill(selector, text),
      run: (work, input) => page.evaluate(`(${work.toString()})(${JSON.stringify(input)})`),
    },
  };
}
