import { mkdir } from "node:fs/promises";
import path from "node:path";
import { findChromium } from "./chromium.mjs";
import { startPostgres } from "./embedded-postgres.mjs";
import { portalEnvironment, withoutOwner } from "./portal-environment.mjs";
import { startPortalServer } from "./portal-server.mjs";
import { freePort } from "./ports.mjs";
import { runStep, tsx } from "./programs.mjs";
import { generateSecrets } from "./secrets.mjs";
import { countPlaywright, tally } from "./test-reports.mjs";

/** Starts a portal of its own for the browser: production build, empty database, disk store, seeded as the demo is. */
async function startPortal(folder, { env: hostEnv, signal, onEnd }) {
  const database = await startPostgres({ dataDir: path.join(folder, "postgres"), persistent: false });
  onEnd(database.stop);
  await database.createDatabase("custodia");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...hostEnv, ...portalEnvironment({ database, folder, secrets: generateSecrets(), url }) };
  await runStep("The migration", tsx("scripts/migrate.ts"), { env, log: path.join(folder, "migrate.log"), signal });
  const server = await startPortalServer({ mode: "production", host: "127.0.0.1", port, env: withoutOwner(env), log: path.join(folder, "portal.log"), signal });
  onEnd(server.end);
  const signIns = path.join(folder, "sign-ins.json");
  await runStep("Seeding", tsx("scripts/seed.ts", "--sign-ins", signIns), { env, log: path.join(folder, "seed.log"), signal });
  return { ...env, PORTAL_URL: url, SIGN_INS: signIns };
}

/** Runs Playwright against a portal started for it. */
export async function runBrowserTests(context, runTool) {
  const chromium = await findChromium();
  if (!chromium) {
    console.log("No Chromium was found, and none could be installed: install the package `chromium`.");
    return tally(0, 1);
  }
  const folder = path.join(context.folder, "browser");
  const report = path.join(context.folder, "browser.json");
  await mkdir(folder, { mode: 0o711 });
  try {
    const portal = await startPortal(folder, context);
    const env = { ...portal, CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    // Playwright tells its workers by FORCE_COLOR, and warns in each of them when both are set.
    if (env.NO_COLOR) Object.assign(env, { NO_COLOR: undefined, FORCE_COLOR: "0" });
    const exitCode = await runTool(["node_modules/@playwright/test/cli.js", "test", ...context.args], { env, signal: context.signal });
    return countPlaywright(report, exitCode);
  } catch (error) {
    context.signal.throwIfAborted();
    console.log(error.message);
    return tally(0, 1);
  }
}
