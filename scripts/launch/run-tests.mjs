// The part of `npm test` that runs under the pinned Node.js, with the packages installed.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { withLifecycle } from "./lifecycle.mjs";
import { LaunchProblem } from "./project.mjs";
import { tally } from "./test-reports.mjs";
import { stages } from "./test-stages.mjs";

/** Splits the arguments into stage names, all of them if none is named, and what goes on to the tools. */
function readArguments(args) {
  const firstOther = args.findIndex((arg) => !(arg in stages));
  const names = firstOther === -1 ? args : args.slice(0, firstOther);
  const rest = firstOther === -1 ? [] : args.slice(firstOther);
  if (rest.length > 0 && names.length === 0)
    throw new LaunchProblem(`"${rest[0]}" is not a stage: name one of ${Object.keys(stages).join(", ")}.`);
  return {
    names: names.length > 0 ? Object.keys(stages).filter((name) => names.includes(name)) : Object.keys(stages),
    rest,
  };
}

/**
 * A folder for everything temporary, this run's tools included, so that nothing stays behind even when one is
 * killed.
 */
function temporaryFolder(onEnd) {
  const folder = mkdtempSync(path.join(tmpdir(), "custodia-test-"));
  chmodSync(folder, 0o711);
  onEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

const describe = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`;

const add = (one, other) =>
  tally(
    one.passed + other.passed,
    one.failed + other.failed,
    one.skipped + other.skipped,
    [...one.flaky, ...other.flaky],
    [...one.notTested, ...other.notTested],
  );

await withLifecycle(async ({ signal, onEnd }) => {
  const { names, rest } = readArguments(process.argv.slice(2));
  const folder = temporaryFolder(onEnd);
  const env = { ...process.env, TMPDIR: folder, ...(process.stdout.isTTY ? {} : { NO_COLOR: "1" }) };
  const outcomes = [];
  for (const name of names) {
    console.log(`\n━━ ${name}`);
    const start = Date.now();
    const outcome = await stages[name]({ folder, env, signal, args: rest, onEnd });
    console.log(`   ${name}: ${describe(outcome)} (${Math.round((Date.now() - start) / 1000)} s)`);
    outcomes.push([name, outcome]);
  }
  const total = outcomes.map(([, outcome]) => outcome).reduce(add, tally());
  console.log("\n━━ summary");
  for (const [name, outcome] of outcomes)
    console.log(`   ${outcome.failed ? "✗" : "✓"} ${name.padEnd(11)} ${describe(outcome)}`);
  for (const title of total.flaky) console.log(`   flaky: ${title}`);
  for (const title of total.notTested) console.log(`   ! ${title}`);
  console.log(`\n${describe(total)}`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
});
