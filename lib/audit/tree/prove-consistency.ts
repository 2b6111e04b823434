import { and, desc, eq, getTableColumns } from "drizzle-orm";
import { z } from "zod";
import { StoredTree } from "@/lib/audit/tree/stored-tree";
import { consistencyPath, isConsistent } from "@/lib/audit/tree/tree-proof";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditSeals } from "@/lib/db/schema/audit";
import { query } from "@/lib/operation/operation";

const size = z.coerce.number().int().positive();

/**
 * Proves that the log only grew between two checkpoints, in the form that witnesses take (C2SP tlog-witness): `old`
 * and the older size, the hashes, a blank line and the newer checkpoint.
 * `origin`: the tree, by default the newest one. `to`: by default its newest checkpoint.
 * @throws AppError `not_found`: the tree has no checkpoint of one of the sizes.
 */
export const proveConsistency = query({
  permission: "audit:verify",
  input: z.object({ from: size, to: size.optional(), origin: z.string().max(300).optional() }),
  run: async ({ db, input: { from, to, origin } }) => {
    const newer = await checkpointOf(db, { origin, size: to });
    const older = await checkpointOf(db, { origin: newer.origin, size: from });
    if (older.size > newer.size) throw new AppError("not_found", `the checkpoint of ${from} leaves is the newer one`);
    const path = await consistencyPath(new StoredTree(db, newer), older.size, newer.size);
    const [before, after] = [older, newer].map((row) => ({ size: row.size, root: row.root.toString("hex") }));
    if (!isConsistent(before!, after!, path))
      throw new Error("the tree is not consistent with its checkpoints; run: npm run audit -- verify");
    const hashes = path.map((hash) => `${Buffer.from(hash, "hex").toString("base64")}\n`);
    return { proof: `old ${older.size}\n${hashes.join("")}\n${newer.note}`, older: older.note };
  },
});

/** Of a seal that is there: `verify` compares its checkpoint with the events, and any other with nothing. */
async function checkpointOf(db: ReadDatabase, tree: { origin?: string; size?: number }) {
  const { origin, size: leaves, sequence } = auditCheckpoints;
  const [row] = await db
    .select(getTableColumns(auditCheckpoints))
    .from(auditCheckpoints)
    .innerJoin(auditSeals, eq(auditSeals.sequence, sequence))
    .where(
      and(
        tree.origin === undefined ? undefined : eq(origin, tree.origin),
        tree.size === undefined ? undefined : eq(leaves, tree.size),
      ),
    )
    .orderBy(desc(sequence))
    .limit(1);
  if (!row) throw new AppError("not_found", `there is no checkpoint of ${tree.size ?? "any"} leaves`);
  return row;
}
