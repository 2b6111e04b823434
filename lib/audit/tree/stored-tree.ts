import { and, asc, eq, gt, gte, lt, lte, min, sql } from "drizzle-orm";
import { leafHash, merkleRoot, nodeHash, subtreeLevels, unpackLeaves } from "@/lib/audit/merkle-tree";
import { readTreeStart, treeOf } from "@/lib/audit/tree/checkpoint-row";
import { leftHashes, type SubtreeRoots } from "@/lib/audit/tree/tree-proof";
import type { ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditSeals } from "@/lib/db/schema/audit";

/** The database lacks leaves of a tree, or the checkpoints that tell where they are: `verify` names which. */
export class LeavesMissing extends Error {}

/** So many hashes are kept, for those who read along the tree. */
const hashesKept = 20_000;

/** Subtrees up to this level are computed from their leaves. */
const leafLevels = 8;

/**
 * The hashes of one tree, from the leaves of its seals and the frontiers of its checkpoints. Any of them costs some
 * lookups and the leaves of a few seals, whatever the size of the tree. They are as true as the database: compare what
 * they give with a signed root.
 */
export class StoredTree implements SubtreeRoots {
  readonly #known = new Map<string, string>();

  private readonly db: ReadDatabase;
  private readonly tree: { origin: string; firstSeal: number };

  constructor(db: ReadDatabase, tree: { origin: string; firstSeal: number }) {
    this.db = db;
    this.tree = tree;
  }

  async subtree(level: number, index: number): Promise<string> {
    const key = `${level}/${index}`;
    const root = this.#known.get(key) ?? (await this.#compute(level, index));
    if (this.#known.size >= hashesKept) this.#known.clear();
    this.#known.set(key, root);
    return root;
  }

  async #compute(level: number, index: number): Promise<string> {
    if (level <= leafLevels) return merkleRoot(await this.leaves(index * 2 ** level, 2 ** level));
    const inFrontier = index % 2 === 0 ? await this.#frontierHash(level, index) : undefined;
    if (inFrontier) return inFrontier;
    return nodeHash(await this.subtree(level - 1, 2 * index), await this.subtree(level - 1, 2 * index + 1));
  }

  /** The frontier of the first leaves: as a checkpoint of this size has it, else computed. */
  async frontier(leaves: number): Promise<string[]> {
    const { size, frontier, root, firstSeal } = auditCheckpoints;
    const [row] = await this.db
      .select({ size, frontier, root })
      .from(auditCheckpoints)
      .where(and(eq(firstSeal, this.tree.firstSeal), eq(size, leaves)));
    return (row && treeOf(row)?.frontier()) ?? leftHashes(this, leaves);
  }

  /** A left subtree is in the frontier of the checkpoints from its end until its sibling is complete. */
  async #frontierHash(level: number, index: number): Promise<string | undefined> {
    const end = (index + 1) * 2 ** level;
    const { firstSeal, size, frontier, root } = auditCheckpoints;
    const [row] = await this.db
      .select({ size, frontier, root })
      .from(auditCheckpoints)
      .where(and(eq(firstSeal, this.tree.firstSeal), gte(size, end), lt(size, end + 2 ** level)))
      .orderBy(asc(size))
      .limit(1);
    // A changed frontier is passed over: the leaves still give the hash.
    return row && treeOf(row)?.frontier()[subtreeLevels(row.size).indexOf(level)];
  }

  /** Leaves of the tree in hex, the start of the tree among them. @throws LeavesMissing */
  async leaves(start: number, count: number): Promise<string[]> {
    const end = start + count;
    const hashes = start === 0 ? [leafHash(await readTreeStart(this.db, this.tree.origin, this.tree.firstSeal))] : [];
    const { firstSeal, size, sequence } = auditCheckpoints;
    const ofTree = eq(firstSeal, this.tree.firstSeal);
    const last = this.db
      .select({ size: min(size) })
      .from(auditCheckpoints)
      .where(and(ofTree, gte(size, end)));
    const position = sql`(${size} - ${auditSeals.eventCount})`;
    const from = sql`greatest(${start}::bigint - ${position}, 0)`;
    const rows = await this.db
      .select({
        leaves: sql<Buffer>`substring(${auditSeals.leaves} from (${from} * 32 + 1)::int
          for ((${end}::bigint - ${position} - ${from}) * 32)::int)`,
      })
      .from(auditCheckpoints)
      .innerJoin(auditSeals, eq(auditSeals.sequence, sequence))
      .where(and(ofTree, gt(size, start), lte(size, last), count === 1 && start === 0 ? sql`false` : undefined))
      .orderBy(asc(size));
    for (const { leaves } of rows) hashes.push(...unpackLeaves(leaves));
    if (hashes.length !== count) throw new LeavesMissing(`the database lacks leaves of the tree ${this.tree.origin}`);
    return hashes;
  }
}
