import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, inject } from "vitest";
import type { Sealer } from "@/lib/audit/start-sealer";
import type { Runner } from "@/lib/jobs/start-runner";
import { reportAuditActions } from "./audit-coverage";
import { createTestDatabase } from "./create-test-database";

/** Gives each integration test file a database and a disk store of its own, before the file imports anything. */
const database = await createTestDatabase();
const store = await mkdtemp(path.join(tmpdir(), "custodia-store-"));
Object.assign(process.env, {
  DATABASE_URL: database.applicationUrl,
  MIGRATION_DATABASE_URL: database.ownerUrl,
  DISK_STORE_PATH: store,
});

type Background = { custodiaJobRunner?: Runner; custodiaSealer?: Sealer };

afterAll(async () => {
  const { processWide } = await import("@/lib/core/process-wide");
  const { custodiaJobRunner, custodiaSealer } = processWide as Background;
  await Promise.all([custodiaJobRunner?.stop(), custodiaSealer?.stop()]);
  await (await import("@/lib/db/client")).closeDatabase();
  await reportAuditActions(inject("auditCoverageFolder"), database.ownerUrl);
  await rm(store, { recursive: true, force: true });
});
