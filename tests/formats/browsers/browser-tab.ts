import type { SoundRecorder } from "./sound-server";

/** One tab of a browser under test: what the matrix needs of Playwright, Puppeteer and WebDriver alike. */
export interface BrowserTab {
  open(url: string): Promise<void>;
  /** Presses as a person does: browsers start sound only then. Waits until there is such an element. */
  click(selector: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  /** Runs a function in the page. It may use nothing from outside, and returns JSON. */
  run<Result, Input>(work: (input: Input) => Result | Promise<Result>, input: Input): Promise<Result>;
}

/**
 * A browser that was started, with its version as it says. `close` ends all its processes. `record`: records what its
 * sound device plays; without it the page listens by Web Audio.
 */
export type StartedBrowser = {
  version: string;
  tab: BrowserTab;
  close: () => Promise<void>;
  record?: () => Promise<SoundRecorder>;
};

/** How long a page, or an element of it, may take on a busy machine. */
export const patienceMs = 60_000;
