import { and, asc, eq, gt, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { MerkleRoot } from "@/lib/audit/merkle-tree";
import { inSealRange, type SealRange, type SealRow } from "@/lib/audit/seal-row";
import type { PublicKeys } from "@/lib/audit/signing-keys";
import { openCheckpoint } from "@/lib/audit/tree/checkpoint";
import { readTreeStart, startedTree, treeOf, type CheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import type { Findings } from "@/lib/audit/verify/finding";
import type { ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditSeals } from "@/lib/db/schema/audit";

/** The checkpoint of a seal, and what the seal before it has. */
export type SealCheckpoint = {
  checkpoint: CheckpointRow | null;
  previous: CheckpointRow | null;
  previousAnchorEpoch: string | null;
};

const perRead = 500;

/** One entry for each seal of one epoch in a range, in the order of `readSeals`. Reads page by page. */
export async function* readCheckpoints(
  db: ReadDatabase,
  range: SealRange,
  epoch: string,
): AsyncGenerator<SealCheckpoint> {
  const [previous, sealBefore] = [alias(auditCheckpoints, "previous"), alias(auditSeals, "seal_before")];
  for (let after = 0; ;) {
    const page = await db
      .select({
        sequence: auditSeals.sequence,
        checkpoint: auditCheckpoints,
        previous,
        before: { anchorEpoch: sealBefore.anchorEpoch },
      })
      .from(auditSeals)
      .leftJoin(auditCheckpoints, eq(auditCheckpoints.sequence, auditSeals.sequence))
      .leftJoin(previous, eq(previous.sequence, sql`${auditSeals.sequence} - 1`))
      .leftJoin(sealBefore, eq(sealBefore.sequence, sql`${auditSeals.sequence} - 1`))
      .where(and(inSealRange(range), gt(auditSeals.sequence, after), eq(auditSeals.epoch, epoch)))
      .orderBy(asc(auditSeals.sequence))
      .limit(perRead);
    for (const { before, ...row } of page) yield { ...row, previousAnchorEpoch: before?.anchorEpoch ?? null };
    if (page.length < perRead) return;
    after = page.at(-1)!.sequence;
  }
}

/** The tree of one seal: that of the seal before it, extended by the seal's events. */
export class TreeCheck {
  private readonly row: CheckpointRow;
  private readonly tree: MerkleRoot;

  private constructor(row: CheckpointRow, tree: MerkleRoot) {
    this.row = row;
    this.tree = tree;
  }

  /** Checks what can be known before the events are read. Null if there is no tree to extend; that is reported. */
  static async begin(
    db: ReadDatabase,
    seal: SealRow,
    { checkpoint: row, previous, previousAnchorEpoch }: SealCheckpoint,
    { publicKeys, findings }: { publicKeys: PublicKeys; findings: Findings },
  ): Promise<TreeCheck | null> {
    const { sequence } = seal;
    if (!row) {
      const detail = "has no checkpoint, though the seal before it has one";
      if (previous) findings.add({ code: "checkpoint_missing", seal: sequence, detail });
      return null;
    }
    const publicKey = publicKeys.get(seal.signingKeyId);
    if (publicKey && !isSigned(row, openCheckpoint(row.note, publicKey)))
      findings.add({ code: "checkpoint_invalid", seal: sequence, detail: "its checkpoint is not validly signed" });
    if (row.firstSeal === sequence) {
      if (previous && previousAnchorEpoch === seal.anchorEpoch)
        findings.add({ code: "chain_broken", seal: sequence, detail: "begins another tree in the same epoch" });
      return new TreeCheck(row, startedTree(await readTreeStart(db, row.origin, sequence)));
    }
    // A changed frontier is reported with the seal before this one.
    const tree = previous?.firstSeal === row.firstSeal && previous.origin === row.origin ? treeOf(previous) : null;
    if (!previous || previous.firstSeal !== row.firstSeal)
      findings.add({ code: "checkpoint_missing", seal: sequence, detail: "the checkpoint before its own is missing" });
    return tree && new TreeCheck(row, tree);
  }

  add(leaf: string): void {
    this.tree.add(leaf);
  }

  /** Compares the tree with the checkpoint, once the events of an intact batch were added. */
  finish(findings: Findings): void {
    const { sequence, root, size } = this.row;
    if (this.tree.count !== size || this.tree.root() !== root.toString("hex"))
      findings.add({ code: "log_rewritten", seal: sequence, detail: "its checkpoint is of another tree" });
    else if (!treeOf(this.row))
      findings.add({ code: "checkpoint_invalid", seal: sequence, detail: "its frontier does not give its root" });
  }
}

function isSigned(row: CheckpointRow, signed: ReturnType<typeof openCheckpoint>): boolean {
  return signed?.origin === row.origin && signed.size === row.size && signed.root === row.root.toString("hex");
}
