import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The result of a stage. `flaky`: tests that passed only when repeated; `notTested`: suites this host cannot run. */
export const tally = (passed = 0, failed = 0, skipped = 0, flaky = [], notTested = []) => ({
  passed,
  failed,
  skipped,
  flaky,
  notTested,
});

export const describe = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;

export const sum = (one, other) =>
  tally(
    one.passed + other.passed,
    one.failed + other.failed,
    one.skipped + other.skipped,
    [...one.flaky, ...other.flaky],
    [...one.notTested, ...other.notTested],
  );

export const oneCheck = (exitCode) => (exitCode === 0 ? tally(1, 0) : tally(0, 1));

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);

/** Counts one failure for a tool that fails without a failed test: no test found, a crash, an unhandled error. */
const withExitCode = (exitCode, result) => (exitCode !== 0 && result.failed === 0 ? { ...result, failed: 1 } : result);

/** Counts Vitest's JSON report. A file that could not be loaded counts as a failure. */
export function countVitest(file, exitCode) {
  const report = read(file);
  if (!report) return tally(0, 1);
  const unloaded = report.testResults.filter(
    (result) => result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed"),
  );
  const suites = report.testResults.flatMap((result) => result.assertionResults.flatMap((test) => test.ancestorTitles));
  const notTested = [...new Set(suites.filter((title) => title.includes("(not tested: ")))];
  return withExitCode(
    exitCode,
    tally(
      report.numPassedTests,
      report.numFailedTests + unloaded.length,
      report.numPendingTests + report.numTodoTests,
      [],
      notTested,
    ),
  );
}

function* specs(suites, trail = []) {
  for (const suite of suites) {
    for (const spec of suite.specs ?? [])
      yield { title: [...trail, suite.title, spec.title].join(" › "), tests: spec.tests };
    yield* specs(suite.suites ?? [], [...trail, suite.title]);
  }
}

/** Counts Playwright's JSON report. A test that passed when repeated counts as passed and as flaky. */
export function countPlaywright(file, exitCode) {
  const report = read(file);
  if (!report) return tally(0, 1);
  const { expected, unexpected, flaky, skipped } = report.stats;
  const names = [...specs(report.suites)].flatMap(({ title, tests }) =>
    tests.filter((test) => test.status === "flaky").map((test) => `${title} (${test.projectName})`),
  );
  return withExitCode(exitCode, tally(expected + flaky, unexpected, skipped, names));
}

/** Returns the files of a Playwright report with the duration of their tests. */
function browserFiles(report) {
  return (report?.suites ?? []).map((suite) => {
    const results = [...specs([suite])].flatMap(({ tests }) => tests.flatMap((test) => test.results));
    return {
      file: `tests/browser/${suite.file}`,
      seconds: results.reduce((all, { duration }) => all + duration, 0) / 1000,
    };
  });
}

/** Returns the `count` slowest test files of the run with reports in `folder`, as { file, seconds }. */
export function slowestFiles(folder, count) {
  const times = ["unit", "integration"].flatMap((project) => read(path.join(folder, `${project}.times.json`)) ?? []);
  return [...times, ...browserFiles(read(path.join(folder, "browser.json")))]
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, count);
}
