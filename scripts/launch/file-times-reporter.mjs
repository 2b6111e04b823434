import { writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./project.mjs";

/** Vitest reporter: writes to TEST_FILE_TIMES how long each file took, from its set-up to its last test. */
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
