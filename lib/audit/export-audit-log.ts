import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { eventFilters, filterTexts } from "@/lib/audit/event-filters";
import { assertExportMayStart } from "@/lib/audit/export/export-slots";
import { planExport } from "@/lib/audit/export/export-plan";
import { command } from "@/lib/operation/operation";

/**
 * Records an export and decides what it holds; `writeExport` or `writeCsv` then streams it. `jsonl` can be
 * verified, `csv` is for reading. What is committed but not sealed yet is left out of `jsonl`: everything in it
 * verifies.
 */
export const exportAuditLog = command({
  permission: "audit-event:export",
  input: eventFilters.extend({ format: z.enum(["jsonl", "csv"]).default("jsonl") }),
  audits: ["audit_log.exported"],
  prepare: async ({ db, input: { format: _format, ...filters } }) => {
    assertExportMayStart();
    return planExport(db, filters);
  },
  run: async ({ prepared: plan, input: { format, ...filters } }) => {
    const { scope, firstSeal, lastSeal, events } = plan;
    const given = filterTexts(filters);
    return {
      result: { plan, format },
      audits: [auditEvent("audit_log.exported", { details: { ...given, format, scope, firstSeal, lastSeal, events } })],
    };
  },
});
