import { spawn } from "node:child_process";
import { once } from "node:events";
import { Builder, By, Capabilities, until, type WebDriver } from "selenium-webdriver";
import { freePort } from "../../../scripts/launch/ports.mjs";
import { waitUntil } from "../../support/wait-until";
import { patienceMs, type BrowserTab, type StartedBrowser } from "./browser-tab";
import { startSoundServer } from "./sound-server";

/**
 * Starts the MiniBrowser of WebKitGTK in a display of its own, by its WebDriver. Its sound is recorded at the device:
 * while Web Audio takes it, its clock runs ahead (findings/webkitgtk-clock-with-web-audio.sh).
 */
export async function startWebKitGtk(folder: string): Promise<StartedBrowser> {
  const [display, sound] = await Promise.all([startDisplay(), startSoundServer(folder)]);
  const port = await freePort();
  const own = { HOME: folder, XDG_RUNTIME_DIR: folder, GDK_BACKEND: "x11", PULSE_SERVER: sound.address };
  const server = spawn("WebKitWebDriver", [`--port=${port}`], {
    // Without a graphics card, its compositing takes most of the processor's time.
    env: { ...process.env, ...own, DISPLAY: display.name, WEBKIT_DISABLE_COMPOSITING_MODE: "1" },
    stdio: "ignore",
  });
  const ended = once(server, "exit");
  const address = `http://127.0.0.1:${port}`;
  await waitUntil("WebKitWebDriver answers", () =>
    fetch(`${address}/status`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const driver = await openMiniBrowser(address);
  const version = (await driver.getCapabilities()).get("browserVersion") as string;
  return {
    version: `WebKitGTK ${version}`,
    tab: tabOf(driver),
    record: sound.record,
    close: async () => {
      await driver.quit().catch(() => undefined);
      server.kill();
      await ended;
      await display.stop();
      await sound.stop();
    },
  };
}

/** The sandbox of WebKit's processes needs namespaces that a container may forbid; the pages are our own. */
async function openMiniBrowser(address: string): Promise<WebDriver> {
  const capabilities = new Capabilities({
    browserName: "MiniBrowser",
    "webkitgtk:browserOptions": { binary: process.env.WEBKITGTK, args: ["--automation"] },
  });
  const driver = await new Builder().usingServer(address).withCapabilities(capabilities).build();
  await driver.manage().setTimeouts({ script: 2 * patienceMs, pageLoad: patienceMs });
  return driver;
}

function tabOf(driver: WebDriver): BrowserTab {
  const find = async (selector: string) => {
    const element = await driver.wait(until.elementLocated(By.css(selector)), patienceMs);
    return driver.wait(until.elementIsVisible(element), patienceMs);
  };
  return {
    open: (url) => driver.get(url),
    click: async (selector) => (await find(selector)).click(),
    type: async (selector, text) => (await find(selector)).sendKeys(text),
    run: (work, input) => driver.executeScript(`return (${work.toString()})(${JSON.stringify(input)})`),
  };
}

/** Xvfb chooses a free number and writes it to the pipe. */
async function startDisplay(): Promise<{ name: string; stop: () => Promise<void> }> {
  const child = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const ended = once(child, "exit");
  const [number] = (await once(child.stdio[3] as NodeJS.ReadableStream, "data")) as [Buffer];
  return {
    name: `:${number.toString().trim()}`,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
