import { appendFileSync } from "node:fs";
import path from "node:path";
import { build, isBuildCurrent } from "./build.mjs";
import { runBrowserTests } from "./browser-stage.mjs";
import { runFormatMatrix } from "./formats-stage.mjs";
import { runningInstance } from "./instance.mjs";
import { next, startProgram } from "./programs.mjs";
import { countVitest, oneCheck, tally } from "./test-reports.mjs";

/** Runs a Node.js program to its end, or ends it when the run is interrupted. Returns 0 if it succeeded, else 1. */
export async function runTool(args, { env, signal, output }) {
  signal.throwIfAborted();
  const program = startProgram(args, { env, log: output });
  const end = () => void program.end();
  signal.addEventListener("abort", end, { once: true });
  const outcome = await program.exited;
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  return outcome === 0 ? 0 : 1;
}

/** Prints, or appends to the stage's log if stages run in parallel. */
const print = (text, { output }) => (output ? appendFileSync(output, `${text}\n`) : console.log(text));

async function lint(context) {
  const { changes, args } = context;
  const isCode = (file) => /\.(m?[jt]s|tsx)$/.test(file) && !file.endsWith(".d.mts");
  if (changes?.files.length === 0) return tally(1, 0);
  const format = ["node_modules/oxfmt/bin/oxfmt", "--check", ...(changes?.files ?? [])];
  if ((await runTool(format, context)) !== 0) return tally(0, 1);
  if ((await runTool(["scripts/architecture.mjs", "--check"], context)) !== 0) return tally(0, 1);
  const files = changes ? changes.files.filter(isCode) : ["."];
  if (files.length === 0) return tally(1, 0);
  return oneCheck(await runTool(["node_modules/oxlint/bin/oxlint", "--deny-warnings", ...files, ...args], context));
}

async function types(context) {
  const quiet = { ...context, env: { ...context.env, NEXT_TELEMETRY_DISABLED: "1" } };
  // First writes the types of routes and pages, which the source uses.
  if ((await runTool(next("typegen"), quiet)) !== 0) return tally(0, 1);
  return oneCheck(await runTool(["node_modules/typescript-native/bin/tsc", "--noEmit", ...context.args], context));
}

/** Runs a project of Vitest: all files, or with `--changed` those that import a changed file. */
const vitest = (project) => async (context) => {
  const { folder, changes, args } = context;
  const report = path.join(folder, `${project}.json`);
  const env = { ...context.env, TEST_FILE_TIMES: path.join(folder, `${project}.times.json`) };
  // With `--changed` there may be no file to run, so the project starts its own server when it needs one.
  if (project === "integration" && !changes) env.TEST_SERVER = JSON.stringify(await serverAddresses(context));
  const reporters = ["default", "json", "./scripts/launch/file-times-reporter.mjs"].map((name) => `--reporter=${name}`);
  const exitCode = await runTool(
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      ...["--project", project],
      ...reporters,
      `--outputFile.json=${report}`,
      ...(changes ? ["--changed", changes.since, "--passWithNoTests"] : []),
      ...args,
    ],
    { ...context, env },
  );
  return countVitest(report, exitCode);
};

async function serverAddresses({ testServer }) {
  const server = await testServer();
  return { ownerUrl: server.ownerUrl(), applicationUrl: server.applicationUrl("postgres") };
}

/** Builds without the portal's variables: a build must neither need nor contain a secret. */
async function buildStage(context) {
  const { folder, env, signal, hasPassed } = context;
  if (isBuildCurrent()) {
    print("The build is up to date.", context);
    return tally(1, 0);
  }
  const other = runningInstance();
  if (other) {
    print(`A portal is running from the build in this folder (process ${other.pid}): end it first.`, context);
    return tally(0, 1);
  }
  // The stage `types` has just checked the same files.
  const checked = hasPassed("types") ? { CUSTODIA_TYPES_CHECKED: "true" } : {};
  try {
    await build({
      env: { ...env, ...checked, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      log: path.join(folder, "next-build.log"),
      signal,
    });
    return tally(1, 0);
  } catch (error) {
    signal.throwIfAborted();
    print(error.message, context);
    return tally(0, 1);
  }
}

/** A stage that needs the build. */
const onBuild = (run) => async (context) => {
  if (isBuildCurrent()) return run(context, { runTool, print });
  print("The build is missing or out of date: run the stage `build` as well.", context);
  return tally(0, 1);
};

/**
 * The stages in order. `run` returns a tally; `after` names the stages that must end first; a `thorough` one runs only
 * with `--thorough`, or by its name. At most two run in parallel: the first ones use one core each, and `integration`
 * and `browser` wait for other processes half of their time.
 */
export const stages = {
  lint: { run: lint, after: [], runsInParallel: true },
  types: { run: types, after: [], runsInParallel: true },
  build: { run: buildStage, after: ["types"], runsInParallel: true },
  unit: { run: vitest("unit"), after: ["lint"], runsInParallel: true },
  integration: { run: vitest("integration"), after: ["unit", "build"], runsInParallel: false },
  browser: { run: onBuild(runBrowserTests), after: ["unit", "build"], runsInParallel: true },
  formats: {
    run: onBuild(runFormatMatrix),
    after: ["build", "integration", "browser"],
    runsInParallel: false,
    thorough: true,
  },
};
