import { type MerkleRoot, packLeaves } from "@/lib/audit/merkle-tree";
import type { SealBody } from "@/lib/audit/seal";
import type { SealRow } from "@/lib/audit/seal-row";
import { configuredPublicKeys, currentSigningKey } from "@/lib/audit/signing-keys";
import { openCheckpoint, signCheckpoint } from "@/lib/audit/tree/checkpoint";
import { readCheckpointRow, startedTree, treeOf, treeStart, type CheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import type { Transaction } from "@/lib/db/client";
import { auditCheckpoints } from "@/lib/db/schema/audit";

/**
 * Extends the log's tree by the leaves of a new seal and signs its root. Costs the new leaves, not the earlier ones.
 *
 * A tree begins with each epoch of anchors: a database that was restored from an older copy lacks the last seals, and
 * another continuation under the same name would be two logs of one name, which every witness rightly refuses. Its
 * first leaf commits to the seal before it. A seal of a version without checkpoints is followed by a new tree too.
 * @param previous the seal before the new one.
 */
export async function appendCheckpoint(
  tx: Transaction,
  { sequence, anchorEpoch }: SealBody,
  previous: SealRow | undefined,
  leaves: readonly string[],
): Promise<void> {
  const last = previous?.anchorEpoch === anchorEpoch ? await readCheckpointRow(tx, previous.sequence) : undefined;
  const continued = last && continuedTree(last, previous!);
  const { origin, firstSeal } = continued ? last : { origin: originOf(anchorEpoch, sequence), firstSeal: sequence };
  const tree = continued ?? startedTree(treeStart(origin, previous ? sealBefore(previous) : null));
  for (const leaf of leaves) tree.add(leaf);
  const root = tree.root();
  await tx.insert(auditCheckpoints).values({
    sequence,
    firstSeal,
    origin,
    size: tree.count,
    root: Buffer.from(root, "hex"),
    frontier: packLeaves(tree.frontier()),
    note: signCheckpoint({ origin, size: tree.count, root }, currentSigningKey().privateKey),
  });
}

/** The name of a tree: that of the log, the epoch of its anchors, and its first seal. No other tree has it. */
function originOf(anchorEpoch: string, firstSeal: number): string {
  const { AUDIT_LOG_ORIGIN: given, NEXTAUTH_URL } = env();
  return `${given ?? `${new URL(NEXTAUTH_URL).host}/audit-log`}/${anchorEpoch}/${firstSeal}`;
}

function sealBefore({ sequence, epoch, hash }: SealRow) {
  return { sequence, epoch, hash: hash.toString("hex") };
}

/** Null if the row is not what was signed: a root over changed hashes would be a false statement. */
function continuedTree(row: CheckpointRow, { signingKeyId }: SealRow): MerkleRoot | null {
  const publicKey = configuredPublicKeys().get(signingKeyId);
  const signed = publicKey && openCheckpoint(row.note, publicKey);
  const isOurs = signed && signed.root === row.root.toString("hex") && signed.size === row.size;
  const tree = isOurs && signed.origin === row.origin ? treeOf(row) : null;
  if (!tree)
    log.error(
      { sequence: row.sequence },
      "ALARM: the audit log's last checkpoint was changed, or its key is not configured; a new tree begins",
    );
  return tree;
}
