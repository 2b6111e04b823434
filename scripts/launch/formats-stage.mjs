import { execFileSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { browserPrograms } from "./browser-programs.mjs";
import { fromRoot } from "./project.mjs";
import { startTemporaryPortal } from "./temporary-portal.mjs";
import { countVitest, sum, tally } from "./test-reports.mjs";
import { transcoderProblem } from "./transcoder-programs.mjs";

/** Where the result of the last run is, for `tests/formats/write-formats-doc.ts`. */
const resultFolder = fromRoot("test-results/formats");

/** Plays every accepted format in each browser that this host has. A browser that it cannot have is named. */
export async function runFormatMatrix(context, { runTool, print }) {
  const missing = transcoderProblem();
  if (missing) {
    print(`The format matrix needs ffmpeg: ${missing}`, context);
    return tally(0, 1);
  }
  const programs = await browserPrograms();
  await rm(resultFolder, { recursive: true, force: true });
  await mkdir(resultFolder, { recursive: true });
  const problems = Object.entries(programs).flatMap(([name, { problem }]) => (problem ? [[name, problem]] : []));
  const result = {
    date: new Date().toISOString().slice(0, 10),
    ffmpeg: ffmpegVersion(),
    notRun: Object.fromEntries(problems),
  };
  await writeFile(path.join(resultFolder, "run.json"), JSON.stringify(result));
  for (const [name, problem] of problems) print(`   ${name}: not run. ${problem}`, context);
  const notTested = tally(
    0,
    0,
    problems.length,
    [],
    problems.map(([name, problem]) => `${name} (not tested: ${problem})`),
  );
  const found = Object.keys(programs).filter((name) => !programs[name].problem);
  if (found.length === 0) return sum(notTested, tally(0, 1));
  return sum(notTested, await playIn(found, programs, context, { runTool, print }));
}

const ffmpegVersion = () => /^ffmpeg version (\S+)/.exec(execFileSync("ffmpeg", ["-version"], { encoding: "utf8" }))[1];

async function playIn(found, programs, context, { runTool, print }) {
  const folder = path.join(context.folder, "formats");
  const report = path.join(context.folder, "formats.json");
  await mkdir(folder, { mode: 0o711 });
  try {
    const portal = await startTemporaryPortal(folder, {
      ...context,
      env: { ...context.env, MEDIA_TRANSCODER: "ffmpeg" },
      database: await context.testServer(),
    });
    const paths = Object.fromEntries(found.map((name) => [name.toUpperCase(), programs[name].path]));
    const exitCode = await runTool(
      [
        "node_modules/vitest/vitest.mjs",
        "run",
        ...["--config", "tests/formats/vitest.config.ts"],
        ...["--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
        ...(context.args.length > 0
          ? context.args
          : ["stored", ...found].map((name) => `tests/formats/${name}.test.ts`)),
      ],
      { ...context, env: { ...portal, ...paths, FORMATS_RESULT: resultFolder } },
    );
    return countVitest(report, exitCode);
  } catch (error) {
    context.signal.throwIfAborted();
    print(error.message, context);
    return tally(0, 1);
  }
}
