import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { startAuditCoverage } from "./audit-coverage";
import { startPostgres } from "../../scripts/launch/embedded-postgres.mjs";

export const TEMPLATE_DATABASE = "custodia_template";

declare module "vitest" {
  export interface ProvidedContext {
    ownerUrl: string;
    applicationUrl: string;
    auditCoverageFolder: string;
  }
}

/** Starts a temporary PostgreSQL and migrates the database that `createTestDatabase` copies. */
export default async function startTemplateDatabase(project: TestProject) {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-tests-"));
  await chmod(folder, 0o711);
  const server = await startPostgres({ dataDir: path.join(folder, "postgres"), persistent: false });
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.createDatabase(TEMPLATE_DATABASE);
    await migrate(server.ownerUrl(TEMPLATE_DATABASE));
  } catch (error) {
    await stop();
    throw error;
  }
  const coverage = await startAuditCoverage(project);
  project.provide("auditCoverageFolder", coverage.folder);
  project.provide("ownerUrl", server.ownerUrl());
  project.provide("applicationUrl", server.applicationUrl("postgres"));
  return async () => {
    await stop();
    await coverage.check();
  };
}

async function migrate(url: string) {
  const environment = { ...process.env, MIGRATION_DATABASE_URL: url };
  await promisify(execFile)(process.execPath, ["--import", "tsx", "scripts/migrate.ts"], { env: environment });
}
