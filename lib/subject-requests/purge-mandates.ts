import { and, inArray, isNull } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestMandateParts, subjectRequestMandates } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";

/**
 * Deletes the documents of representatives. What stays of each: its type, size and times; the identity check has the
 * last three characters of its number (LGPD Art. 6, III).
 * @returns how many were deleted.
 */
export async function purgeMandates(tx: Transaction, requestIds: readonly string[]): Promise<number> {
  const { id, requestId, purgedAt } = subjectRequestMandates;
  const purged = await tx
    .update(subjectRequestMandates)
    .set({ purgedAt: transactionNow, contentDigest: null })
    .where(and(inArray(requestId, [...requestIds]), isNull(purgedAt)))
    .returning({ id });
  const ids = purged.map((row) => row.id);
  if (ids.length > 0)
    await tx.delete(subjectRequestMandateParts).where(inArray(subjectRequestMandateParts.mandateId, ids));
  return ids.length;
}
