import { desc } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { verifyAuditLog } from "@/lib/audit/verify/verify-audit-log";
import { database, type ReadDatabase } from "@/lib/db/client";
import { auditSeals } from "@/lib/db/schema/audit";
import { env } from "@/lib/core/env";
import { command } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";

const findingsShown = 20;

/**
 * Verifies the newest part of the log, bounded so that a page can wait for it. To verify all of it: `npm run audit --
 * verify`.
 */
export const verifyRecentEvents = command({
  permission: "audit:verify",
  input: z.object({ events: z.coerce.number().int().min(1).max(100_000).default(10_000) }),
  audits: ["audit_log.verified"],
  prepare: async ({ db, input }) => {
    const range = { fromSequence: await firstSealOf(db, input.events) };
    return verifyAuditLog({
      db: database(),
      store: configuredStore(),
      hmacKeys: env().AUDIT_HMAC_KEYS,
      publicKeys: configuredPublicKeys(),
      range,
    });
  },
  run: async ({ prepared: { verdict, seals, events, firstSeal, lastSeal, durationMs, findings, findingCount } }) => ({
    result: { verdict, seals, events, durationMs, findingCount, findings: findings.slice(0, findingsShown) },
    audits: [
      auditEvent("audit_log.verified", {
        outcome: verdict === "broken" ? "failure" : "success",
        details: { verdict, seals, events, firstSeal, lastSeal, findings: findingCount },
      }),
    ],
  }),
});

export type RecentVerification = Awaited<ReturnType<typeof verifyRecentEvents>>;

/** The first seal of the shortest tail of the log that holds at least this many sealed events. */
async function firstSealOf(db: ReadDatabase, events: number): Promise<number> {
  const rows = await db
    .select({ sequence: auditSeals.sequence, count: auditSeals.eventCount })
    .from(auditSeals)
    .orderBy(desc(auditSeals.sequence))
    .limit(events);
  let covered = 0;
  for (const { sequence, count } of rows) {
    covered += count;
    if (covered >= events) return sequence;
  }
  return 1;
}
