import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { storeScans } from "@/lib/db/schema/store-scan";
import { databaseNow } from "@/lib/db/schema/columns";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";

/** Starts a scan now, unless one is under way. A job continues it in the background, as does the cron address. */
export const startStoreScan = command({
  permission: "store-scan:start",
  input: z.object({}),
  audits: ["store_scan.started"],
  run: async ({ tx, actor }) => {
    const [run] = await tx
      .insert(storeScans)
      .values({ id: newId(), startedAt: databaseNow, progressAt: databaseNow, state: "running" })
      .onConflictDoNothing()
      .returning({ id: storeScans.id });
    if (!run) return { result: { started: false }, unchanged: true };
    if (actor.type === "user") await enqueueJob(tx, { kind: "store_scan", key: "all", payload: {} });
    return {
      result: { started: true },
      audits: [auditEvent("store_scan.started", { target: { type: "store_scan", id: run.id } })],
    };
  },
});
