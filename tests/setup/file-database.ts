import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, inject } from "vitest";
import type { Sealer } from "@/lib/audit/start-sealer";
import type { DataKeyVault } from "@/lib/storage/envelope/data-key-vault";
import type { Runner } from "@/lib/jobs/start-runner";
import { messagesToNowhere } from "../../scripts/launch/portal-environment.mjs";
import { reportAuditActions } from "./audit-coverage";
import { createTestDatabase } from "./create-test-database";

/** Gives each integration test file a database and a disk store of its own, before the file imports anything. */
const database = await createTestDatabase();
const store = await mkdtemp(path.join(tmpdir(), "custodia-store-"));
Object.assign(process.env, messagesToNowhere, {
  DATABASE_URL: database.applicationUrl,
  MIGRATION_DATABASE_URL: database.ownerUrl,
  DISK_STORE_PATH: store,
});

const { provideDataKeyVault } = await import("@/lib/storage/envelope/data-key-vault");

// Imported on first use and again after vi.resetModules, because the vault depends on the current modules and
// environment.
type VaultModule = typeof import("@/lib/encryption-keys/database-vault");
let current: { module: VaultModule; vault: DataKeyVault } | undefined;
async function currentVault(): Promise<DataKeyVault> {
  const module = await import("@/lib/encryption-keys/database-vault");
  if (current?.module !== module) current = { module, vault: module.databaseVault() };
  return current.vault;
}
provideDataKeyVault({
  create: async (objectKey) => (await currentVault()).create(objectKey),
  open: async (objectKey) => (await currentVault()).open(objectKey),
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
