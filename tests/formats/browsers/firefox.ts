import puppeteer from "puppeteer-core";
import { patienceMs, type StartedBrowser } from "./browser-tab";
import { startSoundServer } from "./sound-server";

/** Starts Firefox ESR by WebDriver BiDi. Without a sound device it ends each sound at once, so it gets one. */
export async function startFirefox(folder: string): Promise<StartedBrowser> {
  const sound = await startSoundServer(folder);
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.FIREFOX,
    headless: true,
    env: { ...process.env, HOME: folder, PULSE_SERVER: sound.address },
    extraPrefsFirefox: { "intl.accept_languages": "pt-BR" },
    protocolTimeout: 2 * patienceMs,
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(patienceMs);
  return {
    version: `Firefox ${(await browser.version()).replace(/^firefox\//i, "")}`,
    close: () => browser.close().finally(sound.stop),
    tab: {
      open: async (url) => void (await page.goto(url)),
      click: (selector) => page.locator(selector).click(),
      type: (selector, text) => page.locator(selector).fill(text),
      run: (work, input) => page.evaluate(`(${work.toString()})(${JSON.stringify(input)})`) as never,
    },
  };
}
