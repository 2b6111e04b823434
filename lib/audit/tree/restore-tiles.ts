import { asc, eq, isNotNull } from "drizzle-orm";
import type { CheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import { putOnce, tileBytes } from "@/lib/audit/tree/publish-tree";
import { StoredTree } from "@/lib/audit/tree/stored-tree";
import {
  checkpointPath,
  cosignaturePath,
  fullTiles,
  partialTiles,
  tilePath,
  timestampPath,
  treePrefix,
} from "@/lib/audit/tree/tile-names";
import type { Database } from "@/lib/db/client";
import { auditCheckpoints, auditCosignatures, auditTimestamps } from "@/lib/db/schema/audit";
import type { ObjectStore } from "@/lib/storage/object-store";

type Restore = (path: string, bytes: () => Buffer | Promise<Buffer>, contentType: string) => Promise<void>;

const text = "text/plain; charset=utf-8";

/**
 * Writes the published checkpoints and tiles that the store lacks, and the cosignatures and time stamps of these
 * checkpoints, from the database. Partial tiles only of the newest checkpoint of each tree. Replaces nothing. Returns
 * the keys written.
 */
export async function restoreTiles(store: ObjectStore, db: Database): Promise<string[]> {
  const written: string[] = [];
  const rows = await db
    .select()
    .from(auditCheckpoints)
    .where(isNotNull(auditCheckpoints.publishedAt))
    .orderBy(asc(auditCheckpoints.sequence));
  for (const [index, row] of rows.entries()) {
    const previous = rows[index - 1];
    const before = previous?.firstSeal === row.firstSeal ? previous.size : 0;
    const isNewest = rows[index + 1]?.firstSeal !== row.firstSeal;
    const tree = new StoredTree(db, row);
    const restore: Restore = async (path, bytes, contentType) => {
      const key = treePrefix(row.origin) + path;
      if (await store.head(key)) return;
      if (await putOnce(store, key, await bytes(), contentType)) written.push(key);
    };
    for (const tile of [...fullTiles(before, row.size), ...(isNewest ? partialTiles(row.size) : [])])
      await restore(tilePath(tile), () => tileBytes(tree, tile), "application/octet-stream");
    await restore(checkpointPath(row.sequence), () => Buffer.from(row.note), text);
    await restoreAttestations(db, row, restore);
  }
  return written;
}

async function restoreAttestations(db: Database, { sequence, note }: CheckpointRow, restore: Restore): Promise<void> {
  const cosigned = await db.select().from(auditCosignatures).where(eq(auditCosignatures.sequence, sequence));
  for (const { witness, line } of cosigned)
    await restore(cosignaturePath(sequence, witness), () => Buffer.from(note + line), text);
  const stamped = await db.select().from(auditTimestamps).where(eq(auditTimestamps.sequence, sequence));
  for (const { response } of stamped)
    await restore(timestampPath(sequence), () => response, "application/timestamp-reply");
}
