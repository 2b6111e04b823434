import canonicalize from "canonicalize";
import { z } from "zod";
import { signedSealSchema, type SignedSeal, sealHash } from "@/lib/audit/seal";
import type { ObjectStore } from "@/lib/storage/object-store";
import { and, asc, gt, inArray, isNull } from "drizzle-orm";
import { sealColumns, signedSealOf } from "@/lib/audit/seal-row";
import type { Database } from "@/lib/db/client";
import { auditSeals } from "@/lib/db/schema/audit";
import { log } from "@/lib/core/log";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

/**
 * How long the store locks an anchor, where it can lock objects: five years, the limitation period for consumer claims
 * (CDC, Art. 27).
 */
const lockDays = 5 * 365 + 2;

const anchorSchema = z.strictObject({
  type: z.literal("custodia.audit-anchor.v1"),
  seals: z.array(signedSealSchema).min(1),
});

/** Maximum number of seals in one anchor; each takes about one kilobyte. */
export const sealsPerAnchor = 500;

/** What the store says about one object, not about itself: the other anchors can still be read. */
export const objectDamages: ReadonlySet<StoreErrorCode> = new Set([
  "integrity",
  "not_found",
  "range_not_satisfiable",
  "key_missing",
]);

export const anchorPrefix = "anchors/";

/** The object key of the anchor whose newest seal has this sequence. Zero-padded, so that keys sort by number. */
export function anchorKey(anchorEpoch: string, sequence: number): string {
  return `${anchorPrefix}${anchorEpoch}/${String(sequence).padStart(12, "0")}.json`;
}

/** The epoch and sequence in an anchor's key, or null if the key is not an anchor's. */
export function parseAnchorKey(key: string): { anchorEpoch: string; sequence: number } | null {
  const match = /^anchors\/([0-9a-z-]+)\/(\d{12})\.json$/.exec(key);
  return match && { anchorEpoch: match[1]!, sequence: Number(match[2]) };
}

/** Serialises seals, oldest first. The same seals always give the same bytes. */
export function anchorBody(seals: readonly SignedSeal[]): Buffer {
  return Buffer.from(canonicalize({ type: "custodia.audit-anchor.v1", seals })!);
}

/**
 * Reads an anchor from the store.
 * @returns null if the object is not a valid anchor.
 * @throws StoreError if the store cannot answer.
 */
export async function readAnchor(store: ObjectStore, key: string): Promise<SignedSeal[] | null> {
  const { stream } = await store.readRange(key, { start: 0, endInclusive: 16 * 1024 * 1024 });
  const text = await new Response(stream).text();
  try {
    return anchorSchema.parse(JSON.parse(text)).seals;
  } catch {
    return null;
  }
}

/**
 * Copies the seals without an anchor to the object store, which never overwrites them, and marks them as anchored.
 * After a crash in between, it writes the same bytes under the same key again. Returns the number of seals marked.
 */
export async function anchorSeals(store: ObjectStore, db: Database): Promise<number> {
  let anchored = 0;
  for (let after = 0; ;) {
    const seals = await unanchoredSeals(db, after);
    if (seals.length === 0) return anchored;
    const sequences = await putAnchor(store, seals);
    // Another object stands under each key. They wait for a newer seal, under whose key they are written too.
    if (sequences.length === 0) {
      after = seals.at(-1)!.seal.sequence;
      continue;
    }
    await db
      .update(auditSeals)
      .set({ anchoredAt: new Date() })
      .where(and(inArray(auditSeals.sequence, sequences), isNull(auditSeals.anchoredAt)));
    anchored += sequences.length;
  }
}

async function unanchoredSeals(db: Database, after: number): Promise<SignedSeal[]> {
  const rows = await db
    .select(sealColumns)
    .from(auditSeals)
    .where(and(isNull(auditSeals.anchoredAt), gt(auditSeals.sequence, after)))
    .orderBy(asc(auditSeals.sequence))
    .limit(sealsPerAnchor);
  return rows.filter((row) => row.anchorEpoch === rows[0]!.anchorEpoch).map(signedSealOf);
}

/** Returns the sequences of the seals that the store now holds; without the newest ones if their keys are taken. */
async function putAnchor(store: ObjectStore, seals: readonly SignedSeal[]): Promise<number[]> {
  const newest = seals.at(-1)!.seal;
  const key = anchorKey(newest.anchorEpoch, newest.sequence);
  const body = anchorBody(seals);
  const retainUntil = store.capabilities.objectLock ? new Date(Date.now() + lockDays * 24 * 60 * 60 * 1000) : undefined;
  try {
    await store.put(key, body, {
      contentType: "application/json",
      sizeBytes: body.length,
      ifNoneMatch: "*",
      retainUntil,
    });
    return seals.map(({ seal }) => seal.sequence);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "already_exists") throw error;
    const held = agreeingSeals(seals, await readUndamaged(store, key), key);
    return held.length > 0 || seals.length === 1 ? held : putAnchor(store, seals.slice(0, -1));
  }
}

/** Null if the object under an anchor's key is damaged or no anchor. @throws StoreError if the store is silent. */
async function readUndamaged(store: ObjectStore, key: string): Promise<SignedSeal[] | null> {
  try {
    return await readAnchor(store, key);
  } catch (error) {
    if (error instanceof StoreError && objectDamages.has(error.code)) return null;
    throw error;
  }
}

/** Keys that raised an alarm in this process: they are tried every few seconds. */
const alarmed = new Set<string>();

/**
 * An earlier run that crashed, or a concurrent process, may have stored the same seals. Different seals raise an alarm.
 */
function agreeingSeals(ours: readonly SignedSeal[], theirs: readonly SignedSeal[] | null, key: string): number[] {
  const hashes = new Map(ours.map(({ seal }) => [seal.sequence, sealHash(seal)]));
  const known = theirs?.filter(({ seal }) => hashes.has(seal.sequence)) ?? [];
  if (known.length > 0 && known.every(({ seal }) => hashes.get(seal.sequence) === sealHash(seal)))
    return known.map(({ seal }) => seal.sequence);
  if (!alarmed.has(key))
    log.error(
      { key },
      "ALARM: the object store holds a damaged object or another seal under this sequence; the audit log was " +
        "rewritten, or restored from a backup",
    );
  alarmed.add(key);
  return [];
}
