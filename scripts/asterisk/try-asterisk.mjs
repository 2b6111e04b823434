// The part of `npm run try-asterisk` that runs under the pinned Node.js, with the packages installed.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build, isBuildCurrent } from "../launch/build.mjs";
import { withLifecycle } from "../launch/lifecycle.mjs";
import { projectScript, runStep, startProgram } from "../launch/programs.mjs";
import { fromRoot, LaunchProblem } from "../launch/project.mjs";
import { startTemporaryPortal } from "../launch/temporary-portal.mjs";
import { callsToMake, placeCall } from "./calls.mjs";
import { installAsterisk } from "./install-asterisk.mjs";
import { startAsterisk } from "./run-asterisk.mjs";

const patienceMs = 600_000;

/** Waits until the condition holds, or what it waits for has failed. */
async function until(what, signal, holds) {
  for (const end = Date.now() + patienceMs; !(await holds()); await sleep(250, undefined, { signal }))
    if (Date.now() > end) throw new LaunchProblem(`Not within ${patienceMs / 1000} s: ${what}.`);
}

const linesOf = (file) => {
  try {
    return readFileSync(file, "utf8").trim().split("\n").filter(Boolean);
  } catch {
    return [];
  }
};

/** Starts a portal with example units. Returns its environment and the API key of its phone system. */
async function startPortal(folder, { signal, onEnd }) {
  if (!isBuildCurrent()) {
    console.log("  Building the portal first ...");
    const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
    await build({ env, log: path.join(folder, "build.log"), signal });
  }
  const portal = await startTemporaryPortal(folder, { env: process.env, signal, onEnd });
  return { ...portal, CUSTODIA_API_KEY: readFileSync(path.join(folder, "api-key.txt"), "utf8").trim() };
}

await withLifecycle(async ({ signal, onEnd }) => {
  const { root, version } = installAsterisk();
  const folder = mkdtempSync(path.join(tmpdir(), "custodia-asterisk-"));
  chmodSync(folder, 0o711);
  onEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  console.log("  Starting the portal ...");
  const env = await startPortal(folder, { signal, onEnd });
  console.log(`  Starting Asterisk ${version} twice: a phone system, and the telephones and lines around it ...`);
  const { system, around } = await startAsterisk(root, { signal, onEnd });
  await until("both answer", signal, () => system.answers() && around.answers());

  const log = path.join(folder, "watch.log");
  const options = ["--url", env.PORTAL_URL, "--source", "asterisk-sid", "--unit", "suporte"];
  const times = ["--settle", "2", "--retry", "2", "--time-zone", "UTC"];
  const watch = startProgram(
    projectScript("scripts/recordings.ts", "watch", system.recordings, ...options, ...times, "--cdr", system.records),
    { env: { ...env, LOG_LEVEL: "silent" }, log },
  );
  onEnd(watch.end);
  let hasEnded = false;
  void watch.exited.then(() => (hasEnded = true));

  console.log(`  Making ${callsToMake.length} calls ...`);
  for (const call of callsToMake) {
    placeCall(around.outgoing, call);
    // Real calls do not begin in the same millisecond.
    await sleep(400, undefined, { signal });
  }
  await until("all calls have ended", signal, () => linesOf(system.records).length >= callsToMake.length);
  const stored = () => linesOf(log).filter((line) => line.includes('"outcome":"stored"')).length;
  await until("all are stored", signal, () => hasEnded || stored() >= callsToMake.length).catch((error) => {
    console.log(
      linesOf(log)
        .slice(-2 * callsToMake.length)
        .join("\n"),
    );
    throw error;
  });
  if (hasEnded) throw new LaunchProblem(`watch has ended:\n${linesOf(log).join("\n")}`);
  await watch.end();

  const report = path.join(folder, "report.txt");
  await runStep("The comparison", projectScript("scripts/asterisk/compare-with-records.ts", system.records, report), {
    env: { ...env, ASTERISK_VERSION: version, LOG_LEVEL: "silent" },
    signal,
  });
  mkdirSync(fromRoot("test-results"), { recursive: true });
  writeFileSync(fromRoot("test-results/asterisk.txt"), readFileSync(report));
});
