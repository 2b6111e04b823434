import { hash } from "node:crypto";
import pLimit from "p-limit";
import { objectDamages } from "@/lib/audit/anchor";
import { readCheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import { readCheckpoint } from "@/lib/audit/tree/checkpoint";
import { findCosignature } from "@/lib/audit/tree/cosignature";
import { readObject } from "@/lib/audit/tree/publish-tree";
import { parseNote } from "@/lib/audit/tree/signed-note";
import { witnessDigest } from "@/lib/audit/tree/tile-names";
import type { Finding, Findings } from "@/lib/audit/verify/finding";
import type { Witness } from "@/lib/core/env/attestation-settings";
import type { ReadDatabase } from "@/lib/db/client";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

export type CosignatureCheck = {
  /** Null: the store is not read. */
  store: ObjectStore | null;
  db: ReadDatabase;
  findings: Findings;
  fromSequence: number;
  toSequence: number;
  witnesses: readonly Witness[];
  startedAt: number;
};

const cosignatureKey = /^tlog\/[^/]+\/\d+\/cosignatures\/(\d{12})\/([0-9a-f]{16})$/;

/**
 * Compares the cosigned checkpoints in the store with the database. One of a configured witness shows that its tree
 * existed, whatever the database says.
 * @param expected the SHA-256 of each object that the database has, by key. @throws StoreError
 */
export async function checkPublishedCosignatures(
  keys: readonly string[],
  expected: ReadonlyMap<string, string>,
  check: CosignatureCheck,
): Promise<void> {
  await pLimit(8).map(keys, async (key) => {
    const [, number, digest] = cosignatureKey.exec(key) ?? [];
    const seal = Number(number);
    if (digest === undefined || seal < check.fromSequence || seal > check.toSequence) return;
    const bytes = await readUndamaged(check.store!, key);
    if (bytes && hash("sha256", bytes, "hex") === expected.get(key)) return;
    const finding = bytes
      ? await differenceOf(key, { seal, digest, bytes, isExpected: expected.has(key) }, check)
      : { code: "cosignature_invalid" as const, detail: `${key} is damaged` };
    check.findings.add({ seal, ...finding });
  });
}

/** What an object says that is not as the database has it. */
async function differenceOf(
  key: string,
  { seal, digest, bytes, isExpected }: { seal: number; digest: string; bytes: Buffer; isExpected: boolean },
  { db, witnesses }: CosignatureCheck,
): Promise<Pick<Finding, "code" | "detail">> {
  const witness = witnesses.find(({ vkey }) => witnessDigest(vkey) === digest);
  if (!witness && !isExpected)
    return { code: "cosignature_missing", detail: `the database lacks ${key}, of a witness that is not configured` };
  const [text, note] = [bytes.toString(), parseNote(bytes.toString())];
  const found = witness && note && findCosignature(text.slice(note.text.length + 1), witness, note.text);
  if (!found) return { code: "cosignature_invalid", detail: `${key} holds no cosignature of its witness` };
  const row = await readCheckpointRow(db, seal);
  const size = readCheckpoint(text)?.size;
  const statement = `${witness.name} cosigned a tree of ${size} leaves at ${found.at.toISOString()}`;
  if (!row) return { code: "tail_cut_off", detail: `${statement}; the database does not have its checkpoint` };
  if (parseNote(row.note)?.text !== note.text)
    return { code: "log_rewritten", detail: `${statement}, which is another than the database's` };
  return isExpected
    ? { code: "cosignature_invalid", detail: `${key} is another cosignature than the database's` }
    : { code: "cosignature_missing", detail: `the database lacks ${key}: ${statement}` };
}

/** Null if the object is damaged or gone. @throws StoreError if the store does not answer. */
async function readUndamaged(store: NonNullable<CosignatureCheck["store"]>, key: string): Promise<Buffer | null> {
  try {
    return await readObject(store, key);
  } catch (error) {
    if (error instanceof StoreError && objectDamages.has(error.code)) return null;
    throw error;
  }
}
