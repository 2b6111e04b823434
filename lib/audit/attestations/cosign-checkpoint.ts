import { and, desc, eq, isNotNull, isNull } from "drizzle-orm";
import { askWitness } from "@/lib/audit/attestations/ask-witness";
import { noteAttempt, noteAttestor } from "@/lib/audit/attestations/attestor";
import type { CheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import { putOnce } from "@/lib/audit/tree/publish-tree";
import { StoredTree } from "@/lib/audit/tree/stored-tree";
import { cosignaturePath, treePrefix } from "@/lib/audit/tree/tile-names";
import { consistencyPath, isConsistent } from "@/lib/audit/tree/tree-proof";
import type { Witness } from "@/lib/core/env/attestation-settings";
import { log } from "@/lib/core/log";
import { database, type Database, type ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditCosignatures, auditSeals } from "@/lib/db/schema/audit";
import type { ObjectStore } from "@/lib/storage/object-store";

type Work = { store: ObjectStore; db?: Database; signal?: AbortSignal };

/**
 * Has a witness cosign the newest published checkpoint, keeps the cosignature and publishes it beside the checkpoint.
 * Safe at any time, in several processes and after a crash: the first cosignature that is kept is the one published.
 * Sealing, anchors and publication never wait for it. Returns the code of a failure, or null.
 */
export async function cosignCheckpoint(
  witness: Witness,
  { store, db = database(), signal }: Work,
): Promise<string | null> {
  await noteAttestor(db, witness.vkey);
  await publishCosignatures(witness, store, db);
  const next = await nextToCosign(db, witness);
  if (!next) {
    await noteAttempt(db, witness.vkey, { failure: null });
    return null;
  }
  const answer = await askWitness(witness, next.submission, await knownSize(db, witness, next.row), {
    proveGrowth: (from) => proveGrowth(db, next.row, from),
    signal,
  });
  if ("failure" in answer) return refused(db, witness, next.row, answer);
  const { line, at: cosignedAt } = answer;
  const { sequence } = next.row;
  await db
    .insert(auditCosignatures)
    .values({ sequence, witness: witness.vkey, cosignedAt, line })
    .onConflictDoNothing();
  await noteAttempt(db, witness.vkey, { failure: null });
  await publishCosignatures(witness, store, db);
  return null;
}

/** The newest published checkpoint, unless the witness cosigned it: it covers the earlier ones of its tree. */
async function nextToCosign(db: ReadDatabase, { vkey }: Witness) {
  const { sequence, publishedAt } = auditCheckpoints;
  const [newest] = await db
    .select({ row: auditCheckpoints, sealedAt: auditSeals.sealedAt, cosignedAt: auditCosignatures.cosignedAt })
    .from(auditCheckpoints)
    .innerJoin(auditSeals, eq(auditSeals.sequence, sequence))
    .leftJoin(auditCosignatures, and(eq(auditCosignatures.sequence, sequence), eq(auditCosignatures.witness, vkey)))
    .where(isNotNull(publishedAt))
    .orderBy(desc(sequence))
    .limit(1);
  if (!newest || newest.cosignedAt) return null;
  const { row, sealedAt } = newest;
  return { row, submission: { note: row.note, size: row.size, sealedAt } };
}

/** The size of the tree that the witness cosigned last, as far as we know; it corrects us. */
async function knownSize(db: ReadDatabase, { vkey }: Witness, { firstSeal }: CheckpointRow): Promise<number> {
  const { sequence, size } = auditCheckpoints;
  const [last] = await db
    .select({ size })
    .from(auditCosignatures)
    .innerJoin(auditCheckpoints, eq(sequence, auditCosignatures.sequence))
    .where(and(eq(auditCosignatures.witness, vkey), eq(auditCheckpoints.firstSeal, firstSeal)))
    .orderBy(desc(sequence))
    .limit(1);
  return last?.size ?? 0;
}

/** @throws Error if the database's own hashes do not lead from the older checkpoint to the newer one. */
async function proveGrowth(db: ReadDatabase, newer: CheckpointRow, from: number): Promise<string[]> {
  const { firstSeal, size, root } = auditCheckpoints;
  const path = await consistencyPath(new StoredTree(db, newer), from, newer.size);
  const [older] = await db
    .select({ size, root })
    .from(auditCheckpoints)
    .where(and(eq(firstSeal, newer.firstSeal), eq(size, from)));
  const hex = (row: { size: number; root: Buffer }) => ({ size: row.size, root: row.root.toString("hex") });
  if (older && !isConsistent(hex(older), hex(newer), path))
    throw new Error("the tree is not consistent with its checkpoints; run: npm run audit -- verify");
  return path;
}

/** Refusals of a witness that holds another tree than ours under its name. */
export const witnessConflicts: readonly string[] = ["witness_conflict", "witness_proof_refused"];

/** Refusals of a witness that compares nothing: it knows no tree of this name, or not the key that signs it. */
export const witnessIgnorances: readonly string[] = ["witness_unknown_log", "witness_key_refused"];

/** What a witness said of our tree stays until it says something else: no answer, or an odd one, takes nothing back. */
function graverThan(failure: string): string[] {
  if (witnessConflicts.includes(failure)) return [];
  return witnessIgnorances.includes(failure) ? [...witnessConflicts] : [...witnessConflicts, ...witnessIgnorances];
}

async function refused(
  db: Database,
  { vkey, name }: Witness,
  { sequence, size }: CheckpointRow,
  refusal: { failure: string; knownSize: number | null },
): Promise<string> {
  await noteAttempt(db, vkey, { ...refusal, graver: graverThan(refusal.failure) });
  const facts = { witness: name, sequence, size, ...refusal };
  if (witnessConflicts.includes(refusal.failure))
    log.error(facts, "ALARM: a witness holds another tree of the audit log; run: npm run audit -- verify");
  else log.warn(facts, "a witness did not cosign the audit log's checkpoint; it is asked again");
  return refusal.failure;
}

/** Writes the cosignatures that the store lacks: each as the checkpoint with the log's signature and the witness'. */
async function publishCosignatures({ vkey }: Witness, store: ObjectStore, db: Database): Promise<void> {
  const { sequence, witness, publishedAt } = auditCosignatures;
  const { origin, note } = auditCheckpoints;
  const waiting = await db
    .select({ sequence, line: auditCosignatures.line, origin, note })
    .from(auditCosignatures)
    .innerJoin(auditCheckpoints, eq(auditCheckpoints.sequence, sequence))
    .where(and(eq(witness, vkey), isNull(publishedAt)));
  for (const row of waiting) {
    const key = treePrefix(row.origin) + cosignaturePath(row.sequence, vkey);
    if (!(await putOnce(store, key, Buffer.from(row.note + row.line), "text/plain; charset=utf-8"))) continue;
    await db
      .update(auditCosignatures)
      .set({ publishedAt: new Date() })
      .where(and(eq(sequence, row.sequence), eq(witness, vkey), isNull(publishedAt)));
  }
}
