import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { startTestServer } from "../../scripts/launch/test-server.mjs";
import { startAuditCoverage } from "./audit-coverage";

type Addresses = { ownerUrl: string; applicationUrl: string };

declare module "vitest" {
  export interface ProvidedContext extends Addresses {
    auditCoverageFolder: string;
  }
}

/** The server of the whole run if `npm test` started one, otherwise a server of this project. */
async function findServer(): Promise<Addresses & { stop: () => Promise<void> }> {
  const given = process.env.TEST_SERVER;
  if (given) return { ...(JSON.parse(given) as Addresses), stop: async () => undefined };
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-tests-"));
  await chmod(folder, 0o711);
  const server = await startTestServer(folder, { env: process.env });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ownerUrl: server.ownerUrl(), applicationUrl: server.applicationUrl("postgres"), stop };
}

/** Gives the test files the server with the migrated database that `createTestDatabase` copies. */
export default async function offerTemplateDatabase(project: TestProject) {
  const { ownerUrl, applicationUrl, stop } = await findServer();
  const coverage = await startAuditCoverage(project);
  project.provide("auditCoverageFolder", coverage.folder);
  project.provide("ownerUrl", ownerUrl);
  project.provide("applicationUrl", applicationUrl);
  return async () => {
    await stop();
    await coverage.check();
  };
}
