import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/**
 * Runs one suite that needs a real S3 server, without the database that all other suites have: see
 * tests/unit/scripts/launch/without-ceph.test.ts.
 */
export default defineConfig({
  root,
  resolve: { alias: [{ find: /^@\//, replacement: `${root}/` }] },
  test: {
    include: ["tests/integration/storage-checks/lifecycle.test.ts"],
    globalSetup: ["tests/setup/ceph-on-demand.ts"],
    pool: "forks",
    hookTimeout: 120_000,
  },
});
