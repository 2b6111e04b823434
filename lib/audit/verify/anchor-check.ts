import { inArray } from "drizzle-orm";
import pLimit from "p-limit";
import { anchorPrefix, objectDamages, parseAnchorKey, readAnchor, sealsPerAnchor } from "@/lib/audit/anchor";
import { isSealSignedBy, sealHash, type SignedSeal } from "@/lib/audit/seal";
import type { Findings } from "@/lib/audit/verify/finding";
import { NumberRanges } from "@/lib/audit/verify/number-ranges";
import type { ReadDatabase } from "@/lib/db/client";
import { auditSeals } from "@/lib/db/schema/audit";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import type { PublicKeys } from "@/lib/audit/signing-keys";

export type AnchorKey = { key: string; anchorEpoch: string; sequence: number };

/** Lists the anchors from this seal on. @throws StoreError */
export async function listAnchors(store: ObjectStore, fromSequence: number, findings: Findings): Promise<AnchorKey[]> {
  const anchors: AnchorKey[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ prefix: anchorPrefix, limit: 1000, cursor });
    for (const { key } of page.objects) {
      const parsed = parseAnchorKey(key);
      if (!parsed) findings.add({ code: "anchor_invalid", detail: `${key} is not an anchor's name` });
      else if (parsed.sequence >= fromSequence) anchors.push({ key, ...parsed });
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return anchors.sort((left, right) => left.sequence - right.sequence);
}

export type AnchorCheck = {
  store: ObjectStore;
  db: ReadDatabase;
  publicKeys: PublicKeys;
  findings: Findings;
  /** Seals before this one are not checked. */
  fromSequence: number;
  toSequence: number;
};

/** The sequences of anchored seals, by the epoch of the anchor. */
export type AnchoredSeals = Map<string, NumberRanges>;

/** After so many anchors without an answer, the store is taken to be down and no further one is asked for. */
const unansweredAtMost = 20;

/**
 * Reads anchors and compares their seals with those in the database. One that cannot be read hides nothing but itself.
 * @returns null if the store did not answer for some: a seal without a copy is then no finding.
 */
export async function checkAnchors(anchors: readonly AnchorKey[], check: AnchorCheck): Promise<AnchoredSeals | null> {
  const anchored: AnchoredSeals = new Map();
  const last = check.toSequence + sealsPerAnchor;
  let unanswered = 0;
  // The newest first: if the store stops answering, the end of the log was compared.
  await pLimit(8).map(anchors.filter((anchor) => anchor.sequence <= last).toReversed(), async (anchor) => {
    if (unanswered >= unansweredAtMost) return;
    const seals = await unlessUnreachable(() => genuineSeals(anchor, check), check.findings, anchor);
    if (!seals) return void (unanswered += 1);
    await compareSeals(seals, anchor, check);
    const ranges = anchored.get(anchor.anchorEpoch) ?? new NumberRanges();
    for (const { seal } of seals) ranges.add(seal.sequence);
    anchored.set(anchor.anchorEpoch, ranges);
  });
  return unanswered > 0 ? null : anchored;
}

/** The seals of one anchor that are in range and carry a valid signature. */
async function genuineSeals(
  { key, anchorEpoch, sequence }: AnchorKey,
  { store, publicKeys, findings, fromSequence, toSequence }: AnchorCheck,
): Promise<SignedSeal[]> {
  const seals = await readOrReport(store, key, sequence, findings);
  if (seals === "damaged") return [];
  const newest = seals?.at(-1)?.seal;
  if (!seals || newest?.sequence !== sequence || newest.anchorEpoch !== anchorEpoch) {
    findings.add({
      code: "anchor_invalid",
      seal: sequence,
      detail: `${key} holds another anchor than its name states`,
    });
    return [];
  }
  return seals.filter((signed) => {
    const { sequence: number, signingKeyId } = signed.seal;
    if (number < fromSequence || number > toSequence) return false;
    const publicKey = publicKeys.get(signingKeyId);
    if (!publicKey)
      findings.add({
        code: "signing_key_unknown",
        seal: number,
        detail: `no public key "${signingKeyId}" for a seal in ${key}`,
      });
    else if (isSealSignedBy(signed, publicKey)) return true;
    else findings.add({ code: "anchor_invalid", seal: number, detail: `its copy in ${key} is not validly signed` });
    return false;
  });
}

/**
 * Reads one anchor. A damaged one, or one gone since it was listed, is a finding of its own: it must not hide what the
 * others show. @throws StoreError if the store does not answer.
 */
async function readOrReport(store: ObjectStore, key: string, sequence: number, findings: Findings) {
  try {
    return await readAnchor(store, key);
  } catch (error) {
    if (!(error instanceof StoreError) || !objectDamages.has(error.code)) throw error;
    findings.add({ code: "anchor_invalid", seal: sequence, detail: `${key} is damaged: the store says ${error.code}` });
    return "damaged" as const;
  }
}

/** An anchored seal must be in the database, unchanged. */
async function compareSeals(
  seals: readonly SignedSeal[],
  { key, anchorEpoch }: AnchorKey,
  { db, findings }: AnchorCheck,
): Promise<void> {
  const sequences = seals.map(({ seal }) => seal.sequence);
  if (sequences.length === 0) return;
  const rows = await db
    .select({ sequence: auditSeals.sequence, anchorEpoch: auditSeals.anchorEpoch, hash: auditSeals.hash })
    .from(auditSeals)
    .where(inArray(auditSeals.sequence, sequences));
  const bySequence = new Map(rows.map((row) => [row.sequence, row]));
  for (const { seal } of seals) {
    const row = bySequence.get(seal.sequence);
    if (!row || row.anchorEpoch !== anchorEpoch) {
      findings.add({
        code: "tail_cut_off",
        seal: seal.sequence,
        detail: `${seal.eventCount} events sealed at ${seal.sealedAt} are anchored in ${key} and not in the database`,
      });
    } else if (row.hash.toString("hex") !== sealHash(seal)) {
      findings.add({ code: "log_rewritten", seal: seal.sequence, detail: `differs from its copy in ${key}` });
    }
  }
}

/** Reports an object store that does not answer (for one anchor, if named), and returns null. */
export async function unlessUnreachable<Result>(
  work: () => Promise<Result>,
  findings: Findings,
  anchor?: AnchorKey,
): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const what = anchor ? ` for ${anchor.key}` : "";
    findings.add({
      code: "anchors_unreachable",
      seal: anchor?.sequence,
      detail: `the object store answered ${error.code}${what}`,
    });
    return null;
  }
}
