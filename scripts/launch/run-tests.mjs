// The part of `npm test` that runs under the pinned Node.js, with the packages installed.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { changesOnBranch } from "./changes-on-branch.mjs";
import { withLifecycle } from "./lifecycle.mjs";
import { LaunchProblem } from "./project.mjs";
import { describe, slowestFiles, sum } from "./test-reports.mjs";
import { offerTestServer } from "./test-server.mjs";
import { stages } from "./test-stages.mjs";

const names = Object.keys(stages);
const ofChanges = ["lint", "types", "unit", "integration"];

/** Splits the arguments into flags, stage names (default: all) and arguments for the tools. */
function readArguments(args) {
  const [isThorough, isChanged] = ["--thorough", "--changed"].map((flag) => args.includes(flag));
  const others = args.filter((arg) => arg !== "--thorough" && arg !== "--changed");
  const firstOther = others.findIndex((arg) => !names.includes(arg));
  const named = firstOther === -1 ? others : others.slice(0, firstOther);
  const rest = firstOther === -1 ? [] : others.slice(firstOther);
  if (rest.length > 0 && named.length === 0)
    throw new LaunchProblem(`"${rest[0]}" is not a stage: choose from ${names.join(", ")}.`);
  const usual = names.filter((name) => isThorough || !stages[name].thorough);
  const wanted = named.length > 0 ? named : isChanged ? ofChanges : usual;
  return { wanted: names.filter((name) => wanted.includes(name)), rest, isThorough, isChanged };
}

/** Creates the folder for all temporary files of this run, its tools included. It is deleted at the end. */
function temporaryFolder(onEnd) {
  const folder = mkdtempSync(path.join(tmpdir(), "custodia-test-"));
  chmodSync(folder, 0o711);
  onEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

const secondsSince = (start) => (Date.now() - start) / 1000;

/** Runs each stage after those that it waits for. Returns `{ name, tally, seconds }` of each, in order. */
async function runStages(wanted, context) {
  const outcomes = new Map();
  const running = new Map();
  const run = async (name) => {
    const { after, runsInParallel } = stages[name];
    await Promise.all(after.map((other) => running.get(other)));
    context.signal.throwIfAborted();
    // The output of a stage that runs in parallel is printed at its end, so that lines do not mix.
    const output = wanted.length > 1 && runsInParallel ? path.join(context.folder, `${name}.log`) : undefined;
    const hasPassed = (other) => outcomes.has(other) && outcomes.get(other).tally.failed === 0;
    if (!output) console.log(`\n━━ ${name}`);
    const start = Date.now();
    const tally = await stages[name].run({ ...context, output, hasPassed });
    outcomes.set(name, { tally, seconds: secondsSince(start) });
    if (output) console.log(`\n━━ ${name}\n${existsSync(output) ? readFileSync(output, "utf8").trimEnd() : ""}`);
    console.log(`   ${name}: ${describe(tally)} (${Math.round(outcomes.get(name).seconds)} s)`);
  };
  for (const name of wanted) running.set(name, run(name));
  await Promise.all(running.values());
  return wanted.map((name) => ({ name, ...outcomes.get(name) }));
}

function printSummary(outcomes, start, folder) {
  const total = outcomes.map(({ tally }) => tally).reduce(sum);
  const slowest = slowestFiles(folder, 10);
  if (slowest.length > 0) console.log("\n━━ slowest files (seconds, loading included)");
  for (const { file, seconds } of slowest) console.log(`   ${seconds.toFixed(1).padStart(6)}  ${file}`);
  console.log("\n━━ summary");
  const installation = Number(process.env.CUSTODIA_INSTALL_SECONDS ?? 0);
  if (installation > 0) console.log(`   ✓ ${"install".padEnd(11)} ${String(Math.round(installation)).padStart(4)} s`);
  for (const { name, tally, seconds } of outcomes) {
    const time = `${String(Math.round(seconds)).padStart(4)} s`;
    console.log(`   ${tally.failed ? "✗" : "✓"} ${name.padEnd(11)} ${time}  ${describe(tally)}`);
  }
  for (const title of total.flaky) console.log(`   flaky: ${title}`);
  for (const title of total.notTested) console.log(`   ! ${title}`);
  console.log(`\n${describe(total)} (${Math.round(secondsSince(start) + installation)} s)`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

await withLifecycle(async ({ signal, onEnd }) => {
  const start = Date.now();
  const { wanted, rest, isThorough, isChanged } = readArguments(process.argv.slice(2));
  const folder = temporaryFolder(onEnd);
  const env = {
    ...process.env,
    TMPDIR: folder,
    ...(isThorough ? { TEST_THOROUGH: "true" } : {}),
    ...(process.stdout.isTTY ? {} : { NO_COLOR: "1" }),
  };
  const changes = isChanged ? changesOnBranch() : undefined;
  const testServer = offerTestServer(folder, { env, onEnd });
  printSummary(await runStages(wanted, { folder, env, signal, args: rest, onEnd, changes, testServer }), start, folder);
});
