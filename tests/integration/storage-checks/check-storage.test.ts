import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { desc, eq } from "drizzle-orm";
import { expect, it, vi } from "vitest";
import { jobContext } from "@/lib/operation/job-context";
import { database } from "@/lib/db/client";
import { auditEvents, storageChecks } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";

it("stores the results with an event; an auditor may read them but not start a check", async () => {
  process.env.DISK_STORE_PATH = await mkdtemp(join(tmpdir(), "custodia-check-"));
  vi.resetModules();
  const { checkStorage } = await import("@/lib/storage-checks/check-storage");
  const context = jobContext("storage-command");
  const check = await checkStorage(context, {});
  const of = (control: string) => check.results.find((result) => result.control === control);
  expect(of("deletion_leaves_nothing")).toMatchObject({ outcome: "holds" });
  expect(of("check_cleans_up")).toMatchObject({ outcome: "holds" });
  expect(of("encryption_reported")).toMatchObject({ outcome: "holds", detail: "custodia:aes256-gcm" });
  // No server answers the links of this store here: an unproved control does not pass.
  expect(of("upload_by_link")).toMatchObject({ outcome: "unknown" });
  const [row] = await database().select().from(storageChecks).orderBy(desc(storageChecks.createdAt)).limit(1);
  expect(row).toMatchObject({ id: check.id, store: "disk", results: check.results });
  const [event] = await database().select().from(auditEvents).where(eq(auditEvents.requestId, context.requestId));
  expect(event).toMatchObject({ action: "storage.checked", targetId: check.id });
  const auditor = {
    actor: {
      type: "user" as const,
      userId: newId(),
      role: "auditor" as const,
      unitIds: [],
      sessionId: newId(),
      hasFreshProof: true,
    },
    requestId: newId(),
    ipAddress: null,
  };
  await expect(checkStorage(auditor, {})).rejects.toMatchObject({ code: "forbidden" });
  const [denial] = await database().select().from(auditEvents).where(eq(auditEvents.requestId, auditor.requestId));
  expect(denial).toMatchObject({ action: "access.denied", details: { permission: "storage:check" } });
});
