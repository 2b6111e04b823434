import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import SlowFilesFirst from "./tests/setup/slow-files-first.ts";

const root = fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "");

export default defineConfig({
  resolve: {
    alias: [{ find: /^@\//, replacement: `${root}/` }],
  },
  test: {
    environment: "node",
    pool: "forks",
    execArgv: ["--import", `${root}/scripts/launch/load-packages.mjs`],
    // A worker runs many files and loads the packages once; tests/setup/environment.ts resets all that is ours.
    isolate: false,
    // Limits that only a hanging test reaches, also on a slow machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 3,
    sequence: { sequencer: SlowFilesFirst },
    // What every file is set up by. No file imports it, so a change of it would run nothing.
    forceRerunTriggers: ["**/package.json", "**/vitest.config.ts", "**/tests/setup/**", "**/drizzle/*.sql"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.{ts,tsx}"],
          setupFiles: ["tests/setup/environment.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["tests/{integration,security}/**/*.test.{ts,tsx}"],
          globalSetup: ["tests/setup/template-database.ts", "tests/setup/ceph-on-demand.ts"],
          setupFiles: ["tests/setup/environment.ts", "tests/setup/file-database.ts"],
        },
      },
    ],
  },
});
