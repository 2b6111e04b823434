import { writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./project.mjs";

/** A reporter for Vitest: writes the duration of each file, set-up included, to the file TEST_FILE_TIMES. */
export default class FileTimesReporter {
  onTestRunEnd(modules) {
    const times = modules.map((module) => {
      const { setupDuration, collectDuration, duration } = module.diagnostic();
      const file = path.relative(projectRoot, module.moduleId);
      return { file, seconds: (setupDuration + collectDuration + duration) / 1000 };
    });
    writeFileSync(process.env.TEST_FILE_TIMES, JSON.stringify(times));
  }
}
