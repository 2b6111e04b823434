import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { storeScans } from "@/lib/db/schema/store-scan";
import { databaseNow } from "@/lib/store-scan/database-now";
import { queueScanWork } from "@/lib/store-scan/queue-scan-work";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";

/** Begins a reconciliation now, unless one is under way. It goes on in the background, and with the next rounds of the drift job. */
export const startStoreScan = command({
  permission: "store-scan:start",
  input: z.object({}),
  audits: ["store_scan.started"],
  run: async ({ tx }) => {
    const [run] = await tx
      .insert(storeScans)
      .values({ id: newId(), startedAt: databaseNow, progressAt: databaseNow, state: "running" })
      .onConflictDoNothing()
      .returning({ id: storeScans.id });
    if (!run) return { result: { started: false }, unchanged: true };
    return {
      result: { started: true },
      audits: [auditEvent("store_scan.started", { target: { type: "store_scan", id: run.id } })],
    };
  },
  afterCommit: async ({ actor }) => {
    if (actor.type === "user") queueScanWork({ kind: "run" });
  },
});
