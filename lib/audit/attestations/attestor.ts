import { and, eq, isNotNull, isNull, notInArray, or, sql } from "drizzle-orm";
import { databaseNow } from "@/lib/db/schema/columns";
import type { Database } from "@/lib/db/client";
import { auditAttestors } from "@/lib/db/schema/audit";

/** Notes since when somebody is asked; from then on it can be late. */
export async function noteAttestor(db: Database, id: string): Promise<void> {
  await db.insert(auditAttestors).values({ id }).onConflictDoNothing();
}

/**
 * Notes what came of an attempt. `failure`: a stable code, null for success. `graver`: failures that this one does not
 * replace.
 */
export async function noteAttempt(
  db: Database,
  id: string,
  { failure, knownSize = null, graver = [] }: { failure: string | null; knownSize?: number | null; graver?: string[] },
): Promise<void> {
  const { failingSince: since } = auditAttestors;
  const failingSince = failure === null ? null : sql`coalesce(${since}, ${databaseNow})`;
  const isNoGraver = or(isNull(auditAttestors.failure), notInArray(auditAttestors.failure, graver));
  const isNews = failure === null ? isNotNull(auditAttestors.failure) : isNoGraver;
  await db
    .update(auditAttestors)
    .set({ failure, knownSize, failingSince })
    .where(and(eq(auditAttestors.id, id), isNews));
}
