import path from "node:path";
import { build, isBuildCurrent } from "./build.mjs";
import { runBrowserTests } from "./browser-stage.mjs";
import { runningInstance } from "./instance.mjs";
import { next, startProgram } from "./programs.mjs";
import { countVitest, oneCheck, tally } from "./test-reports.mjs";

/** Runs a Node program to its end, or ends it when the run is interrupted. Answers its exit code. */
export async function runTool(args, { env, signal }) {
  signal.throwIfAborted();
  const program = startProgram(args, { env });
  const end = () => void program.end();
  signal.addEventListener("abort", end, { once: true });
  const outcome = await program.exited;
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  return outcome === 0 ? 0 : 1;
}

async function lint(context) {
  if ((await runTool(["node_modules/oxfmt/bin/oxfmt", "--check"], context)) !== 0) return tally(0, 1);
  return oneCheck(await runTool(["node_modules/eslint/bin/eslint.js", ".", ...context.args], context));
}

async function types(context) {
  const quiet = { ...context, env: { ...context.env, NEXT_TELEMETRY_DISABLED: "1" } };
  // The types of routes and pages, which the source refers to, are written first.
  if ((await runTool(next("typegen"), quiet)) !== 0) return tally(0, 1);
  return oneCheck(await runTool(["node_modules/typescript/bin/tsc", "--noEmit", ...context.args], context));
}

const vitest = (project) => async (context) => {
  const report = path.join(context.folder, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const exitCode = await runTool(
    ["node_modules/vitest/vitest.mjs", "run", "--project", project, ...reporters, ...context.args],
    context,
  );
  return countVitest(report, exitCode);
};

/** Builds without any of the portal's variables: a build must not need, nor bake in, a secret. */
async function buildStage({ folder, env, signal }) {
  if (isBuildCurrent()) {
    console.log("The build of this very source is there.");
    return tally(1, 0);
  }
  const other = runningInstance();
  if (other) {
    console.log(`A portal is running from the build in this folder (process ${other.pid}): end it first.`);
    return tally(0, 1);
  }
  try {
    await build({
      env: { ...env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      log: path.join(folder, "build.log"),
      signal,
    });
    return tally(1, 0);
  } catch (error) {
    signal.throwIfAborted();
    console.log(error.message);
    return tally(0, 1);
  }
}

async function browser(context) {
  if (isBuildCurrent()) return runBrowserTests(context, runTool);
  console.log("There is no build of this source to test: run the stage `build` as well.");
  return tally(0, 1);
}

/** The stages in their order; each answers a tally. */
export const stages = {
  lint,
  types,
  unit: vitest("unit"),
  integration: vitest("integration"),
  build: buildStage,
  browser,
};
