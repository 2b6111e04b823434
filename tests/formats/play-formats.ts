import { appendFileSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { waitUntil } from "../support/wait-until";
import { patienceMs, type BrowserTab, type StartedBrowser } from "./browsers/browser-tab";
import { formatRows, type BrowserName, type FormatRow } from "./format-rows";
import { differenceOf, failedChecks, runUpSeconds } from "./judge-play";
import { pitches, soundOf } from "./marked-sound";
import { heardAtDevice } from "./heard-at-device";
import { beginToPlay, listenToMarker, type Heard, type Playing } from "./play-in-page";

const play = "section:has(audio) button:has(svg.lucide-play)";
const dialog = "[role=dialog]";

/** Defines the suite of one browser: every format in the portal's own player. */
export function playFormats(name: BrowserName, start: (folder: string) => Promise<StartedBrowser>): void {
  describe(name, () => {
    let folder: string;
    let browser: StartedBrowser;
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), `custodia-${name}-`));
      browser = await start(folder);
      note(name, { version: browser.version });
      await signIn(browser.tab);
    });
    afterAll(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    it.each(formatRows.map((row) => [row.file, row] as const))("plays %s", async (file, row) => {
      const stored = inject("stored")[file];
      expect(stored, "the portal took the file").toBeDefined();
      const heard = await hear(browser, stored!.id, row);
      note(name, { file, heard });
      expect(failedChecks(heard, row), JSON.stringify(heard)).toEqual(differenceOf(name, file)?.failed ?? []);
    });
  });
}

const note = (browser: BrowserName, line: object) =>
  process.env.FORMATS_RESULT &&
  appendFileSync(path.join(process.env.FORMATS_RESULT, `${browser}.jsonl`), `${JSON.stringify(line)}\n`);

async function signIn(tab: BrowserTab): Promise<void> {
  const accounts = readFileSync(process.env.SIGN_INS!, "utf8").trim().split("\n");
  const supervisor = accounts
    .map((line) => JSON.parse(line) as { role: string; email: string; password: string })
    .find(({ role }) => role === "supervisor")!;
  await tab.open(`${process.env.PORTAL_URL}/sign-in`);
  await tab.type("input[name=email]", supervisor.email);
  await tab.type("input[name=password]", supervisor.password);
  await tab.click("button[type=submit]");
  const isSignedIn = () => tab.run(() => location.pathname !== "/sign-in", null).catch(() => false);
  await waitUntil("signed in", isSignedIn, { intervalMs: 100 });
}

/** Presses play on the recording's page, states a purpose, and listens around the marker. */
async function hear({ tab, record }: StartedBrowser, id: string, row: FormatRow): Promise<Heard> {
  const { markerSeconds } = soundOf(row);
  await openRecording(tab, id);
  await askForPurpose(tab);
  await tab.type(`${dialog} input`, "QA-2026-118");
  await tab.run(chooseFirstPurpose, `${dialog} select`);
  const jump = { fromSeconds: markerSeconds - runUpSeconds, limitMs: patienceMs };
  const submit = () => tab.click(`${dialog} button[type=submit]`);
  if (!record) {
    await submit();
    return tab.run(listenToMarker, { ...jump, pitches });
  }
  const recorder = await record();
  await tab.run(beginToPlay, jump);
  await submit();
  const play = await tab.run(() => (window as Playing).playedFromMarker!, null);
  return heardAtDevice(play, await recorder.stop(), pitches);
}

/**
 * Next.js opens a page again whose data were on their way when it was left, as after the end of a play: then it is left
 * once more.
 */
async function openRecording(tab: BrowserTab, id: string): Promise<void> {
  const page = `/recordings/${id}`;
  await waitUntil("the recording's page is open", async () => {
    await tab.open(`${process.env.PORTAL_URL}${page}`);
    return tab.run((wanted) => location.pathname === wanted, page);
  });
}

/** A press before the page has come to life is lost. */
async function askForPurpose(tab: BrowserTab): Promise<void> {
  const isOpen = () => tab.run((selector) => document.querySelector(selector) !== null, dialog);
  const press = async () => (await isOpen()) || (await tab.click(play), await isOpen());
  await waitUntil("the purpose is asked for", press, { intervalMs: 300 });
}

/** Sets the value as React expects it. A press would open a menu of the system, which blocks WebKitGTK for long. */
function chooseFirstPurpose(selector: string): void {
  const select = document.querySelector<HTMLSelectElement>(selector)!;
  const setValue = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value")!.set!;
  setValue.call(select, [...select.options].find(({ disabled }) => !disabled)!.value);
  select.dispatchEvent(new Event("change", { bubbles: true }));
}
