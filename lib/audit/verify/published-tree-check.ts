import { eq, isNotNull, max } from "drizzle-orm";
import pLimit from "p-limit";
import type { PublicKeys } from "@/lib/audit/signing-keys";
import { openCheckpoint, readCheckpoint } from "@/lib/audit/tree/checkpoint";
import { readCheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import { readObject, tileBytes } from "@/lib/audit/tree/publish-tree";
import { StoredTree } from "@/lib/audit/tree/stored-tree";
import { fullTiles, tilePath, tileWidth, tlogPrefix, treePrefix } from "@/lib/audit/tree/tile-names";
import type { Findings } from "@/lib/audit/verify/finding";
import type { ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditSeals } from "@/lib/db/schema/audit";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

export type PublishedTreeCheck = {
  store: ObjectStore;
  db: ReadDatabase;
  publicKeys: PublicKeys;
  findings: Findings;
  fromSequence: number;
  toSequence: number;
  /** Reads the tiles of leaves too: one object for 256 events. */
  readsAllTiles: boolean;
};

/** A full tile in a key: its level and index. Partial tiles serve one checkpoint each and are not compared. */
const tileKey = /^tile\/(\d{1,2})\/((?:x\d{3}\/)*\d{3})(\.p\/\d{1,3})?$/;
const checkpointKey = /^checkpoints\/(\d{12})$/;
/** What others state about checkpoints: `checkCosignatures` and `checkTimeStamps` compare them. */
const attestationKey = /^(cosignatures\/\d{12}\/[0-9a-f]{16}|timestamps\/\d{12}\.tsr)$/;

/**
 * Compares the published checkpoints and tiles with the database's, which are compared with the events.
 * @param keys listed before the snapshot of the database: what is published later is not compared. @throws StoreError
 */
export async function checkPublishedTree(keys: readonly string[], check: PublishedTreeCheck): Promise<void> {
  const { db, findings, fromSequence, toSequence } = check;
  const isWhole = fromSequence <= 1 && toSequence === Infinity;
  const trees = await publishedTrees(db);
  const present = new Set<string>();
  await pLimit(8).map(keys, async (key) => {
    const [, tree, path] = /^(tlog\/[^/]+\/\d+\/)(.+)$/.exec(key) ?? [];
    if (path && attestationKey.test(path)) return;
    const [, sequence] = checkpointKey.exec(path ?? "") ?? [];
    const [, level, number, partial] = tileKey.exec(path ?? "") ?? [];
    if (sequence) {
      if (Number(sequence) >= fromSequence && Number(sequence) <= toSequence)
        await checkCheckpoint(key, Number(sequence), check);
    } else if (level === undefined || number === undefined) {
      findings.add({ code: "tile_invalid", detail: `${key} is not the name of a tile or checkpoint` });
    } else if (isWhole && !partial) {
      present.add(key);
      const known = trees.get(tree!);
      if (known && (check.readsAllTiles || level !== "0"))
        await checkTile(key, known, { level: Number(level), index: Number(number.replaceAll(/\D/g, "")) }, check);
    }
  });
  if (isWhole) for (const [prefix, { size }] of trees) reportMissing(prefix, size, present, findings);
}

type PublishedTree = { origin: string; firstSeal: number; size: number };

/** The trees that were published, with the size up to which they were, by their prefix in the store. */
async function publishedTrees(db: ReadDatabase): Promise<Map<string, PublishedTree>> {
  const { origin, firstSeal, size, publishedAt } = auditCheckpoints;
  const rows = await db
    .select({ origin, firstSeal, size: max(size) })
    .from(auditCheckpoints)
    .where(isNotNull(publishedAt))
    .groupBy(origin, firstSeal);
  return new Map(rows.map((row) => [treePrefix(row.origin), { ...row, size: row.size ?? 0 }]));
}

/** A published checkpoint must be that of its seal: then it is a prefix of the tree, since each extends the last. */
async function checkCheckpoint(key: string, sequence: number, check: PublishedTreeCheck): Promise<void> {
  const { db, findings, publicKeys } = check;
  const note = (await readOrReport(key, check))?.toString();
  if (note === undefined) return;
  const row = await readCheckpointRow(db, sequence);
  if (row?.note === note) return;
  const [seal] = await db
    .select({ keyId: auditSeals.signingKeyId })
    .from(auditSeals)
    .where(row ? eq(auditSeals.sequence, sequence) : undefined)
    .limit(1);
  const publicKey = seal && publicKeys.get(seal.keyId);
  const signed = publicKey ? openCheckpoint(note, publicKey) : readCheckpoint(note);
  if (!signed)
    findings.add({ code: "tile_invalid", seal: sequence, detail: `${key} is not a validly signed checkpoint` });
  else if (row)
    findings.add({ code: "log_rewritten", seal: sequence, detail: `its checkpoint is of another tree than ${key}` });
  else
    findings.add({
      code: "tail_cut_off",
      seal: sequence,
      detail: `a tree of ${signed.size} leaves is published in ${key}; the database does not have its checkpoint`,
    });
}

async function checkTile(
  key: string,
  tree: PublishedTree,
  { level, index }: { level: number; index: number },
  check: PublishedTreeCheck,
): Promise<void> {
  // One that was written for a checkpoint that is not marked yet.
  if ((index + 1) * tileWidth ** (level + 1) > tree.size) return;
  const found = await readOrReport(key, check);
  if (!found) return;
  const expected = await tileBytes(new StoredTree(check.db, tree), { level, index, width: tileWidth });
  if (!found.equals(expected)) check.findings.add({ code: "tile_invalid", detail: `${key} is not of the log's tree` });
}

function reportMissing(prefix: string, size: number, present: ReadonlySet<string>, findings: Findings): void {
  let [missing, first] = [0, ""];
  for (const tile of fullTiles(0, size)) {
    if (present.has(prefix + tilePath(tile))) continue;
    first ||= prefix + tilePath(tile);
    missing += 1;
  }
  if (missing > 0)
    findings.add({
      code: "tile_missing",
      detail: `${missing} tiles are missing in the object store, such as ${first}`,
    });
}

/** A damaged object, or one gone since it was listed, is a finding of its own. @throws StoreError */
async function readOrReport(key: string, { store, findings }: PublishedTreeCheck): Promise<Buffer | null> {
  try {
    return await readObject(store, key);
  } catch (error) {
    const damages = ["integrity", "not_found", "range_not_satisfiable", "key_missing"];
    if (!(error instanceof StoreError) || !damages.includes(error.code)) throw error;
    findings.add({ code: "tile_invalid", detail: `${key} is damaged: the store says ${error.code}` });
    return null;
  }
}

/** The keys of all trees in the store. @throws StoreError */
export async function listPublishedTrees(store: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ prefix: tlogPrefix, limit: 1000, cursor });
    keys.push(...page.objects.map(({ key }) => key));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return keys;
}
