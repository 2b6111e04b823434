import { desc, eq } from "drizzle-orm";
import { hasWaited } from "@/lib/audit/attestations/witness-states";
import { env } from "@/lib/core/env";
import type { ReadDatabase } from "@/lib/db/client";
import { auditAttestors, auditTimestamps } from "@/lib/db/schema/audit";

/** A time stamping authority, and how to sign in to it. `ca`: a path, or certificates in PEM. */
export type TimeStampSettings = { url: string; user?: string; password?: string; ca?: string };

/** The authority's name in the table of those who attest. */
export const timeStampsId = "timestamps";

/** The clocks of the authority and of the database may differ by so much. */
export const authorityClockToleranceMs = 10 * 60_000;

/** A time stamp is due after a day; a failure is an alarm after another. */
const lateAfterMs = 48 * 60 * 60_000;

/** The authority of the settings; null if none is configured. */
export function configuredTimeStamps(): TimeStampSettings | null {
  const { AUDIT_TIMESTAMP_URL: url, AUDIT_TIMESTAMP_USER: user, AUDIT_TIMESTAMP_PASSWORD: password } = env();
  return url === undefined ? null : { url, user, password, ca: env().AUDIT_TIMESTAMP_CA };
}

/** `failure`: the code of the last attempt, null after a success. */
export type TimeStampState = {
  newest: { sequence: number; stampedAt: Date } | null;
  failure: string | null;
  isLate: boolean;
};

/** The state of time stamps; null if no authority is configured. */
export async function readTimeStampState(
  db: ReadDatabase,
  settings: TimeStampSettings | null = configuredTimeStamps(),
): Promise<TimeStampState | null> {
  if (!settings) return null;
  const { sequence, stampedAt } = auditTimestamps;
  const [newest] = await db.select({ sequence, stampedAt }).from(auditTimestamps).orderBy(desc(sequence)).limit(1);
  const [attestor] = await db.select().from(auditAttestors).where(eq(auditAttestors.id, timeStampsId));
  const isLate = await hasWaited(db, newest?.sequence ?? 0, attestor?.since, lateAfterMs);
  return { newest: newest ?? null, failure: attestor?.failure ?? null, isLate };
}
