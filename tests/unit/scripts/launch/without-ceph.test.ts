import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countVitest } from "../../../../scripts/launch/test-reports.mjs";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-bare-"));
  await symlink(process.execPath, path.join(folder, "node"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the suite on a host whose PATH has only Node.js: no Ceph, and nothing to install it with. */
function withoutCeph(ci: string): Promise<{ code: number; output: string; report: string }> {
  const report = path.join(folder, `report-${ci}.json`);
  const env = {
    ...process.env,
    PATH: folder,
    CI: ci,
    TEST_S3_BUCKET: "",
    VITEST: "",
    VITEST_POOL_ID: "",
    NO_COLOR: "1",
  };
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "tests/setup/storage-alone.config.ts",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  return new Promise((resolve) =>
    execFile(process.execPath, args, { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: `${stdout}${stderr}`, report }),
    ),
  );
}

it.concurrent("reports that a suite that needs a real S3 server was skipped, and why", async () => {
  const { code, output, report } = await withoutCeph("");
  expect(code, output).toBe(0);
  expect(output).toContain("(not tested: Ceph's programs are missing (ceph-mon,");
  expect(countVitest(report, code)).toMatchObject({
    passed: 0,
    failed: 0,
    skipped: 1,
    notTested: [
      expect.stringMatching(
        /^the lifecycle rules of a provisioned bucket \(not tested: .*; or name a server in TEST_S3_\*\)$/,
      ),
    ],
  });
});

it.concurrent("treats the skip as a failure when CI=true", async () => {
  const { code, output, report } = await withoutCeph("true");
  expect(code).toBe(1);
  expect(output).toContain("not tested: Ceph's programs are missing");
  expect(countVitest(report, code).failed).toBe(1);
});
