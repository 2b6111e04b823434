import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { chromium, type Browser, type Page } from "@playwright/test";
import { findChromium } from "./launch/chromium.mjs";

/**
 * Takes the pictures of the README, in English, from the demo that runs in this folder:
 * `node --import ./scripts/launch/load-typescript.mjs scripts/take-screenshots.ts`.
 */
const folder = path.join("docs", "images");
/** The duration of an example call in stereo that is long enough for the picture. */
const stereoCall = /05:07/;

type SignIn = { role: string; email: string; password: string };

const { url: baseURL } = JSON.parse(await readFile(path.join(".data", "running.json"), "utf8")) as { url: string };
const signIns = (await readFile(path.join(".data", "sign-ins.json"), "utf8"))
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line) as SignIn);

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  const supervisor = await signIn(browser, "supervisor");
  await supervisor.goto("/recordings");
  await take(supervisor, "recordings");
  await supervisor.getByRole("row").filter({ hasText: stereoCall }).getByRole("link").first().click();
  await listen(supervisor);
  await take(supervisor, "recording");
  const auditor = await signIn(browser, "auditor");
  await auditor.goto("/audit-log");
  await take(auditor, "audit-log");
} finally {
  await browser.close();
}

async function signIn(from: Browser, role: string): Promise<Page> {
  const account = signIns.find((candidate) => candidate.role === role)!;
  const page = await from.newPage({
    baseURL,
    locale: "en-GB",
    timezoneId: "America/Sao_Paulo",
    viewport: { width: 1440, height: 900 },
    colorScheme: "light",
  });
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1 }).filter({ hasNotText: "Sign in" }).waitFor();
  return page;
}

/** Plays two parts of the call, so that the picture shows which parts were played. */
async function listen(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Play" }).click();
  await page.getByLabel("Purpose").selectOption({ label: "Quality supervision" });
  await page.getByLabel("Ticket or protocol").fill("QA-2026-118");
  await page.getByRole("button", { name: "Listen" }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  const slider = page.getByRole("slider", { name: "Position in the recording" });
  const { width, height } = (await slider.boundingBox())!;
  await slider.click({ position: { x: width * 0.4, y: height / 2 } });
  await page.waitForFunction(() => {
    const audio = document.querySelector("audio")!;
    return !audio.seeking && audio.currentTime > audio.duration * 0.4 + 1;
  });
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("region", { name: "Who had access" }).getByText("–").first().waitFor();
  await page.mouse.move(0, 0);
}

async function take(page: Page, name: string): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: "disabled", caret: "hide" });
}
