import canonicalize from "canonicalize";
import { eq } from "drizzle-orm";
import { leafHash, MerkleRoot, unpackLeaves } from "@/lib/audit/merkle-tree";
import type { ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditSeals } from "@/lib/db/schema/audit";

export type CheckpointRow = typeof auditCheckpoints.$inferSelect;

/** The seal before a tree: its hash commits to all earlier seals and trees. */
export type SealBefore = { sequence: number; epoch: string; hash: string };

/**
 * The first entry of a tree, as canonical JSON (RFC 8785): its name, and the seal before it. The other entries are the
 * events, as exports contain them.
 */
export function treeStart(origin: string, previousSeal: SealBefore | null): string {
  return canonicalize({ tree: { type: "custodia.audit-tree.v1", origin, previousSeal } })!;
}

/** The first entry of the tree that began with this seal. */
export async function readTreeStart(db: ReadDatabase, origin: string, firstSeal: number): Promise<string> {
  const [before] = await db
    .select({ sequence: auditSeals.sequence, epoch: auditSeals.epoch, hash: auditSeals.hash })
    .from(auditSeals)
    .where(eq(auditSeals.sequence, firstSeal - 1));
  return treeStart(origin, before ? { ...before, hash: before.hash.toString("hex") } : null);
}

/** A tree of which only its start exists. */
export function startedTree(start: string): MerkleRoot {
  const tree = new MerkleRoot();
  tree.add(leafHash(start));
  return tree;
}

/** The tree of a checkpoint, to be extended. Null if its frontier does not give its root: then the row was changed. */
export function treeOf({ size, frontier, root }: Pick<CheckpointRow, "size" | "frontier" | "root">): MerkleRoot | null {
  try {
    const tree = MerkleRoot.from(size, unpackLeaves(frontier));
    return tree.root() === root.toString("hex") ? tree : null;
  } catch {
    return null;
  }
}

export async function readCheckpointRow(db: ReadDatabase, sequence: number): Promise<CheckpointRow | undefined> {
  const [row] = await db.select().from(auditCheckpoints).where(eq(auditCheckpoints.sequence, sequence));
  return row;
}
