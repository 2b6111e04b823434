import { mkdir } from "node:fs/promises";
import path from "node:path";
import { findChromium } from "./chromium.mjs";
import { startDemoMailbox } from "./demo-mailbox.mjs";
import { startTemporaryPortal } from "./temporary-portal.mjs";
import { countPlaywright, tally } from "./test-reports.mjs";

/** Starts a temporary portal and runs Playwright against it. The tests read its messages at `MAILBOX_URL`. */
export async function runBrowserTests(context, { runTool, print }) {
  const chromium = await findChromium();
  if (!chromium) {
    print("No Chromium was found, and none could be installed: install the package `chromium`.", context);
    return tally(0, 1);
  }
  const folder = path.join(context.folder, "browser");
  const report = path.join(context.folder, "browser.json");
  await mkdir(folder, { mode: 0o711 });
  try {
    const mailbox = await startDemoMailbox(path.join(folder, "mail.pem"));
    context.onEnd(mailbox.stop);
    const database = await context.testServer();
    const portal = await startTemporaryPortal(folder, { ...context, database, messages: mailbox.settings });
    const edges = { CHROMIUM: chromium, MAILBOX_URL: mailbox.url };
    const env = { ...portal, ...edges, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    // Playwright passes FORCE_COLOR to its workers, each of which warns when both are set.
    if (env.NO_COLOR) Object.assign(env, { NO_COLOR: undefined, FORCE_COLOR: "0" });
    const exitCode = await runTool(["node_modules/@playwright/test/cli.js", "test", ...context.args], {
      ...context,
      env,
    });
    return countPlaywright(report, exitCode);
  } catch (error) {
    context.signal.throwIfAborted();
    print(error.message, context);
    return tally(0, 1);
  }
}
