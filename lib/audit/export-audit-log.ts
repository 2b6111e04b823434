import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { eventFilters, filterTexts } from "@/lib/audit/event-filters";
import { assertExportMayStart } from "@/lib/audit/export/export-slots";
import { planExport } from "@/lib/audit/export/export-plan";
import { defaultLocale, locales } from "@/lib/i18n/locales";
import { command } from "@/lib/operation/operation";

/**
 * Records an export and decides what it holds; `exportPieces` then streams it. `jsonl` can be verified, the tables
 * `csv` and `xlsx` are for reading. What is committed but not sealed yet is left out of `jsonl`: everything in it
 * verifies.
 */
export const exportAuditLog = command({
  permission: "audit-event:export",
  input: eventFilters.extend({
    format: z.enum(["jsonl", "csv", "xlsx"]).default("jsonl"),
    /** The language of the words in a table. */
    locale: z.enum(locales).default(defaultLocale),
  }),
  audits: ["audit_log.exported"],
  prepare: async ({ db, input: { format: _format, locale: _locale, ...filters } }) => {
    assertExportMayStart();
    return planExport(db, filters);
  },
  run: async ({ prepared: plan, input: { format, locale, ...filters } }) => {
    const { scope, firstSeal, lastSeal, events } = plan;
    const given = filterTexts(filters);
    return {
      result: { plan, format, locale },
      audits: [auditEvent("audit_log.exported", { details: { ...given, format, scope, firstSeal, lastSeal, events } })],
    };
  },
});
