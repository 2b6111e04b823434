import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { auditActions } from "../../lib/operation/audit-actions";

const testsFolder = path.resolve(import.meta.dirname, "../integration");

/** Records which kinds of events a test file wrote into its database. */
export async function reportAuditActions(folder: string, databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    const rows = await sql<{ action: string }[]>`select distinct action from audit_events`;
    await writeFile(path.join(folder, `${randomUUID()}.json`), JSON.stringify(rows.map(({ action }) => action)));
  } finally {
    await sql.end();
  }
}

/** Every declared audit action must be written by some integration test. Checked only in a full run. */
export async function startAuditCoverage(
  project: TestProject,
): Promise<{ folder: string; check: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-audit-coverage-"));
  const check = async () => {
    const reports = await Promise.all(
      (await readdir(folder)).map(
        async (name) => JSON.parse(await readFile(path.join(folder, name), "utf8")) as string[],
      ),
    );
    await rm(folder, { recursive: true, force: true });
    const ran = new Set(project.vitest.state.getFiles().map(({ filepath }) => filepath));
    const files = (await readdir(testsFolder, { recursive: true }))
      .filter((name) => /\.test\.tsx?$/.test(name))
      .map((name) => path.join(testsFolder, name));
    if (project.config.testNamePattern || files.some((file) => !ran.has(file))) return;
    const written = new Set(reports.flat());
    const missing = auditActions.filter((action) => !written.has(action));
    if (missing.length === 0) return;
    // Vitest prints an error thrown here but exits with 0.
    console.error(`No integration test writes the audit events: ${missing.join(", ")}`);
    process.exitCode = 1;
  };
  return { folder, check };
}
