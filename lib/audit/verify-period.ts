import { z } from "zod";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { sealRangeOfPeriod } from "@/lib/audit/verify/log-source";
import { verifyAuditLog } from "@/lib/audit/verify/verify-audit-log";
import { env } from "@/lib/core/env";
import { calendarDay } from "@/lib/core/time";
import { database } from "@/lib/db/client";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";

/** Verifies the batches with events of a period: days of the controller's zone, both inclusive. Slow for a long one. */
export const verifyPeriod = command({
  permission: "audit:verify",
  input: z.object({ from: calendarDay, to: calendarDay }),
  audits: ["audit_log.verified"],
  prepare: async ({ db, input }) =>
    verifyAuditLog({
      db: database(),
      store: configuredStore(),
      hmacKeys: env().AUDIT_HMAC_KEYS,
      publicKeys: configuredPublicKeys(),
      range: await sealRangeOfPeriod(db, input),
    }),
  run: async ({ input, prepared: { verdict, seals, events, firstSeal, lastSeal, findingCount: findings } }) => ({
    result: { verdict, seals, events, findings },
    audits: [
      auditEvent("audit_log.verified", {
        outcome: verdict === "broken" ? "failure" : "success",
        details: { ...input, verdict, seals, events, firstSeal, lastSeal, findings },
      }),
    ],
  }),
});
