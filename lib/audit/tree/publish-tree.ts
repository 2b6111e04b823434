import { and, asc, desc, eq, gt, isNotNull, isNull, lte, or } from "drizzle-orm";
import { MerkleRoot, packLeaves } from "@/lib/audit/merkle-tree";
import { treeOf, type CheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import { StoredTree } from "@/lib/audit/tree/stored-tree";
import {
  checkpointPath,
  fullTiles,
  partialTiles,
  tilePath,
  tileWidth,
  treePrefix,
  type Tile,
} from "@/lib/audit/tree/tile-names";
import { log } from "@/lib/core/log";
import type { Database, ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditSeals } from "@/lib/db/schema/audit";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

/** So many leaves make a publication due at once, and none has more: a crash repeats at most 64 tiles. */
const leavesAtOnce = 64 * tileWidth;

const hourMs = 60 * 60_000;

/** As for anchors: five years (CDC, Art. 27), where the store can lock objects. */
const lockMs = (5 * 365 + 2) * 24 * hourMs;

/**
 * Copies checkpoints of anchored seals to the object store, each with all tiles of its tree (C2SP tlog-tiles), and
 * marks them. Nothing is ever replaced. The first checkpoint of each hour is published, and one for each 16,384
 * events: the
 * anchors protect every seal within seconds, and partial tiles for each would be thousands of objects a day. After a
 * crash the same bytes are written under the same keys again.
 */
export async function publishTree(store: ObjectStore, db: Database, now = new Date()): Promise<number> {
  for (let published = 0; ; published += 1) {
    const next = await nextToPublish(db, now);
    if (!next) return published;
    const { row, last } = next;
    const tree = new StoredTree(db, row);
    const before = last?.size ?? 0;
    await assertLeaves(tree, last, row);
    for (const tiles of [fullTiles(before, row.size), partialTiles(row.size)])
      for (const tile of tiles) if (!(await putTile(store, tree, row, tile))) return published;
    const key = treePrefix(row.origin) + checkpointPath(row.sequence);
    if (!(await putOnce(store, key, Buffer.from(row.note), "text/plain; charset=utf-8"))) return published;
    await db
      .update(auditCheckpoints)
      .set({ publishedAt: new Date() })
      .where(and(eq(auditCheckpoints.sequence, row.sequence), isNull(auditCheckpoints.publishedAt)));
  }
}

/** Writes a tile. False if the store holds another under its name. */
async function putTile(store: ObjectStore, tree: StoredTree, { origin }: CheckpointRow, tile: Tile): Promise<boolean> {
  return putOnce(store, treePrefix(origin) + tilePath(tile), await tileBytes(tree, tile), "application/octet-stream");
}

/** The content of a tile: its hashes, 32 bytes each. */
export async function tileBytes(tree: StoredTree, { level, index, width }: Tile): Promise<Buffer> {
  const first = index * tileWidth;
  if (level === 0) return packLeaves(await tree.leaves(first, width));
  const hashes: string[] = [];
  for (let at = first; at < first + width; at += 1) hashes.push(await tree.subtree(8 * level, at));
  return packLeaves(hashes);
}

/** Tiles are never replaced: false hashes must not become some. @throws Error */
async function assertLeaves(stored: StoredTree, last: CheckpointRow | null, row: CheckpointRow): Promise<void> {
  const tree = last ? treeOf(last) : new MerkleRoot();
  const leaves = await stored.leaves(last?.size ?? 0, row.size - (last?.size ?? 0));
  for (const leaf of leaves) tree?.add(leaf);
  if (tree?.root() !== row.root.toString("hex"))
    throw new Error(`the leaves of seal ${row.sequence} do not give its checkpoint; run: npm run audit -- verify`);
}

/** A checkpoint, and the one that was published last, if it is of the same tree. */
type Publication = { row: CheckpointRow; last: CheckpointRow | null };

/** The next checkpoint to publish: of the tree that was published last, then of the following ones. */
async function nextToPublish(db: ReadDatabase, now: Date): Promise<Publication | null> {
  const { sequence, firstSeal, size, publishedAt } = auditCheckpoints;
  const [last] = await db
    .select({ row: auditCheckpoints, sealedAt: auditSeals.sealedAt })
    .from(auditCheckpoints)
    .innerJoin(auditSeals, eq(auditSeals.sequence, sequence))
    .where(isNotNull(publishedAt))
    .orderBy(desc(sequence))
    .limit(1);
  const after = last?.row.sequence ?? 0;
  const [first] = await anchored(db, after).orderBy(asc(sequence)).limit(1);
  if (!first) return null;
  const ofTree = eq(firstSeal, first.row.firstSeal);
  const continued = last?.row.firstSeal === first.row.firstSeal ? last : null;
  const few = or(lte(size, (continued?.row.size ?? 0) + leavesAtOnce), eq(sequence, first.row.sequence));
  const [target] = await anchored(db, after, and(ofTree, few)).orderBy(desc(sequence)).limit(1);
  const [newer] = await anchored(db, target!.row.sequence).limit(1);
  const hour = (at: Date) => Math.floor(at.getTime() / hourMs);
  // What follows within the hour waits, unless there is so much that newer ones were left for the next round.
  const isDue = !continued || newer || hour(continued.sealedAt) < hour(now);
  return isDue ? { row: target!.row, last: continued?.row ?? null } : null;
}

function anchored(db: ReadDatabase, after: number, also?: ReturnType<typeof and>) {
  return db
    .select({ row: auditCheckpoints })
    .from(auditCheckpoints)
    .innerJoin(auditSeals, eq(auditSeals.sequence, auditCheckpoints.sequence))
    .where(and(gt(auditCheckpoints.sequence, after), isNotNull(auditSeals.anchoredAt), also));
}

/** Keys that raised an alarm in this process: they are tried every few seconds. */
const alarmed = new Set<string>();

/** Writes an object that is never replaced. False, with an alarm, if the store holds other bytes under its key. */
export async function putOnce(store: ObjectStore, key: string, body: Buffer, contentType: string): Promise<boolean> {
  const retainUntil = store.capabilities.objectLock ? new Date(Date.now() + lockMs) : undefined;
  try {
    await store.put(key, body, { contentType, sizeBytes: body.length, ifNoneMatch: "*", retainUntil });
    return true;
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "already_exists") throw error;
    if (body.equals(await readObject(store, key))) return true;
    if (!alarmed.has(key)) log.error({ key }, "ALARM: the object store holds another checkpoint or tile of this name");
    alarmed.add(key);
    return false;
  }
}

/** An object of a tree, none of which is larger than a tile. @throws StoreError */
export async function readObject(store: ObjectStore, key: string): Promise<Buffer> {
  const { stream } = await store.readRange(key, { start: 0, endInclusive: 65_536 });
  return Buffer.from(await new Response(stream).arrayBuffer());
}
