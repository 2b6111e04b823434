import { and, eq } from "drizzle-orm";
import type { Actor } from "@/lib/operation/actor";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { uploaderColumns } from "@/lib/recordings/uploader";

export type CallColumns = Omit<typeof recordings.$inferInsert, "id" | "uploadedByType" | "uploadedById">;

/**
 * Finds or inserts the row of this call, and locks it.
 * @throws AppError `conflict` when the call id belongs to another uploader.
 */
export async function findOrInsertCall(tx: Transaction, actor: Actor, columns: CallColumns) {
  const uploader = uploaderColumns(actor);
  const [created] = await tx
    .insert(recordings)
    .values({ id: newId(), ...uploader, ...columns })
    .onConflictDoNothing()
    .returning();
  if (created) return { ...created, created: true };
  const [found] = await tx
    .select()
    .from(recordings)
    .where(and(eq(recordings.source, columns.source), eq(recordings.sourceCallId, columns.sourceCallId)))
    .for("update");
  const isOwn = found?.uploadedByType === uploader.uploadedByType && found.uploadedById === uploader.uploadedById;
  if (!found || !isOwn) throw new AppError("conflict", "the call id belongs to another uploader");
  return { ...found, created: false };
}
